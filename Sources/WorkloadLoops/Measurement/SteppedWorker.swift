/// A loop with its meters, on the way to a simulation.
public final class SteppedWorker: SimulatedWorker {
  public let role: WorkerRole
  public let name: String
  public let meters: WorkerMeters
  private let beginning: @Sendable (PhaseControl) -> Void
  private let stepping: @Sendable (PhaseControl) -> LoopStep
  private let finishing: @Sendable () -> Void

  /// A producer or client.
  public init<Loop: SteppedSendingLoop & SendableMetatype & ~Copyable>(
    sending loop: consuming Loop, name: String, meters: WorkerMeters
  ) {
    role = .producer
    self.name = name
    self.meters = meters
    let box = LoopBox(loop)
    let schedule = LoopBox<SendingSchedule?>(nil)
    beginning = { phase in box.withLoop { loop in schedule.withLoop { $0 = loop.begin(phase) } } }
    stepping = { phase in
      var step = LoopStep.finished
      box.withLoop { loop in
        schedule.withLoop { if $0 != nil { step = loop.step(phase, &$0!) } }
      }
      return step
    }
    finishing = { box.withLoop { loop in schedule.withLoop { if $0 != nil { loop.finish(&$0!) } } } }
  }

  /// A consumer or server.
  public init<Loop: SteppedReceivingLoop & SendableMetatype & ~Copyable>(
    receiving loop: consuming Loop, name: String, meters: WorkerMeters
  ) {
    role = .consumer
    self.name = name
    self.meters = meters
    let box = LoopBox(loop)
    beginning = { _ in box.withLoop { $0.begin() } }
    stepping = { phase in
      var step = LoopStep.blocked
      box.withLoop { step = $0.simulate(phase) }
      return step
    }
    finishing = {
      box.withLoop { loop in
        loop.breakOff()
        loop.finish()
      }
    }
  }

  public func begin(_ phase: PhaseControl) { beginning(phase) }
  public func step(_ phase: PhaseControl) -> LoopStep { stepping(phase) }
  public func finish() { finishing() }
}
