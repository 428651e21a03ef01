/// A worker without a thread: a simulation drives it from event to event, together with all others.
public protocol SimulatedWorker: LoadWorker {
  /// Prepares for a phase, at its start.
  func begin(_ phase: PhaseControl)
  /// Does what there is to do now, at most one batch; says when there will be more to do.
  func step(_ phase: PhaseControl) -> LoopStep
  /// Settles the phase's counts, when it is over.
  func finish()
}

/// A loop that sends by a schedule and can be driven step by step.
public protocol SteppedSendingLoop: ~Copyable {
  /// The schedule of a phase that is about to start.
  mutating func begin(_ phase: PhaseControl) -> SendingSchedule
  /// Does what there is to do now.
  mutating func step(_ phase: PhaseControl, _ schedule: inout SendingSchedule) -> LoopStep
  /// Settles the phase's counts.
  mutating func finish(_ schedule: inout SendingSchedule)
}

/// A loop that receives and can be driven step by step, with work that takes time without anybody waiting for it.
public protocol SteppedReceivingLoop: ~Copyable {
  /// Prepares for a phase.
  mutating func begin()
  /// Takes a batch, or ends the work on one of its messages.
  mutating func simulate(_ phase: PhaseControl) -> LoopStep
  /// Breaks off what is not done, when the phase is over, and leaves nothing to the next one.
  mutating func breakOff()
  /// Settles the phase's counts.
  mutating func finish()
}
