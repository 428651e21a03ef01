import Distributions

/// How the memory of a trial's process is shifted, so that where things happen to lie is noise over many trials and not
/// the bias of one build: bytes of environment, which move the stack, and of heap.
///
/// Source: T. Mytkowicz et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!", ASPLOS 2009.
struct TrialLayout: Equatable {
  let environmentByteCount: Int
  let heapByteCount: Int

  /// The layout of a trial: the same for the same trial of the same run.
  init(of trial: PlannedTrial) {
    var random = Xoshiro256(seed: trial.seed, stream: UInt64(trial.order))
    environmentByteCount = Int.random(in: 0..<4096, using: &random)
    heapByteCount = 16 * Int.random(in: 0..<16384, using: &random)
  }
}
