import DriverInterface
import Platform
import ResultModel
public import ScenarioModel

/// Runs each trial in a process of its own: this executable or another build of it, started anew with a memory layout of its own.
///
/// The child is killed with this process, and leaves the terminal's Ctrl-C to it.
public struct FreshProcessTrials: TrialExecutor {
  private let subcommand: [String]
  /// Held open for as long as trials are started; nil for this executable.
  private let binary: TrialBinary?
  private let stop: StopFlag

  /// Time to end in an orderly way, beside that of a drain, for a child that has been asked to.
  private static let graceNanoseconds: Int64 = 2_000_000_000

  /// Trials in processes that are started with `subcommand` as their arguments; `stop` ends one early with what it has
  /// measured.
  public init(subcommand: [String], stop: StopFlag) {
    self.subcommand = subcommand
    binary = nil
    self.stop = stop
  }

  /// Trials by another build.
  init(binary: TrialBinary, stop: StopFlag) {
    subcommand = ["trial"]
    self.binary = binary
    self.stop = stop
  }

  public func execute(
    _ trial: PlannedTrial, of variant: ScenarioVariant, progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome {
    let start = MonotonicClock.now()
    let timeout = TrialTimeout.nanoseconds(for: variant.scenario)
    var conversation = try begin(trial, of: variant)
    var end = TrialEnd.running
    var killAt = Int64.max
    while !conversation.isOver {
      let now = MonotonicClock.now()
      if case .running = end {
        if stop.isRequested { end = .stopped } else if now - start >= timeout { end = .timedOut }
        if end != .running {
          conversation.child.terminate()
          killAt = now + Self.graceNanoseconds + (end == .stopped ? variant.scenario.load.drainNanoseconds * 2 : 0)
        }
      }
      if now >= killAt { conversation.child.kill() }
      try conversation.listen(untilMonotonic: now + 100_000_000, progress)
    }
    let ending = conversation.child.stop(afterGraceNanoseconds: Self.graceNanoseconds)
    return try outcome(of: trial, conversation, ending, end, timeout: timeout)
  }

  private func begin(_ trial: PlannedTrial, of variant: ScenarioVariant) throws -> TrialConversation {
    let layout = TrialLayout(of: trial)
    let request = TrialRequest(
      scenario: variant.scenario.resolvedJSON, path: variant.scenario.path,
      dataDigests: variant.scenario.dataDigests, slug: variant.slug, trial: trial, heapOffset: layout.heapByteCount,
      clockCalibration: CycleCounter.shared.calibration)
    // The path of the running file, so that a build in between cannot change what is measured.
    var launch = ChildProcess.Launch(
      executable: binary?.file.launchPath ?? "/proc/self/exe", arguments: subcommand)
    launch.environment["RINGSIDE_PADDING"] = String(repeating: "x", count: layout.environmentByteCount)
    return try TrialConversation(launch, request: try ResultCoding.encode(request))
  }

  private func outcome(
    of trial: PlannedTrial, _ conversation: TrialConversation, _ ending: ChildProcess.Ending, _ end: TrialEnd,
    timeout: Int64
  ) throws -> TrialOutcome {
    if let refusal = conversation.refusal { throw refusal.error }
    var outcome =
      conversation.outcome
      ?? TrialOutcome(
        result: TrialResult(index: trial.index, order: trial.order, seed: trial.seed, status: .crashed, phases: []))
    switch end {
    case .timedOut:
      outcome.result.status = .timedOut
      outcome.result.invalidReasons.append(
        "the trial hung: it was ended after \(QuantityText.duration(nanoseconds: timeout)) (trials.timeout)")
    case .stopped where conversation.outcome == nil:
      outcome.result.status = .aborted
    case .running, .stopped:
      guard conversation.outcome == nil else { break }
      let words = conversation.lastWords.isEmpty ? "" : "; it said: \(conversation.lastWords)"
      outcome.result.invalidReasons.append(
        "the trial's process \(conversation.complaint ?? "\(ending.outcome)")\(words)")
    }
    return outcome
  }
}

/// Why a trial's process is ending.
private enum TrialEnd {
  /// By itself.
  case running
  /// The user ended the run.
  case stopped
  /// It took too long.
  case timedOut
}
