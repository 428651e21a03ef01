import Distributions
import DriverInterface
import WorkloadLoops

/// Decides which messages are hit: of each stream exactly one out of every `oneIn`, at a place that follows from the seed
/// alone, whichever consumer the message comes to. A scenario that fails can be run again and fails alike.
struct MessageFaultSelector {
  /// The message that is hit in one block of `oneIn` messages of a stream.
  private struct Target {
    var block = UInt64.max
    var sequence: UInt64 = 0
  }

  private let faults: [FaultInjection.MessageFault]
  /// The number of a stream's first message.
  private let firstSequence: UInt64
  /// By fault, then by stream: the last answer.
  private var targets: [[Target]]

  init(_ faults: [FaultInjection.MessageFault], streamCount: Int, firstSequence: UInt64 = 0) {
    self.faults = faults
    self.firstSequence = firstSequence
    targets = Array(repeating: Array(repeating: Target(), count: streamCount), count: faults.count)
  }

  /// Whether any message can be hit.
  var isIdle: Bool { faults.isEmpty }

  /// What happens to a message; nil for nothing, and for messages of streams that do not exist.
  mutating func fault(of number: SequenceNumber) -> FaultKind? {
    for index in faults.indices where number.stream < targets[index].count {
      let block = (number.sequence &- firstSequence) / faults[index].oneIn
      if targets[index][number.stream].block != block {
        targets[index][number.stream] = Target(block: block, sequence: sequence(faults[index], number.stream, block))
      }
      if targets[index][number.stream].sequence == number.sequence { return faults[index].kind }
    }
    return nil
  }

  private func sequence(_ fault: FaultInjection.MessageFault, _ stream: Int, _ block: UInt64) -> UInt64 {
    let stream = SplitMix64.mix(fault.seed ^ SplitMix64.mix(UInt64(truncatingIfNeeded: stream) &+ 1))
    return firstSequence &+ block &* fault.oneIn &+ SplitMix64.mix(stream &+ block) % fault.oneIn
  }
}
