public import DriverInterface
import Platform
import WorkloadLoops

/// The inside of the process at the far end of a ring: makes the consumers that the near end asks for and runs them phase by
/// phase, until the near end is gone.
///
/// It runs the loops that would otherwise run in the near end's process, on the cores they would run on there.
public struct RingPeerProcess {
  /// What it inherits.
  static let memoryDescriptor: Int32 = 3
  static let commandDescriptor: Int32 = 4
  static let replyDescriptor: Int32 = 5

  /// The process that this one is.
  public init() {}

  /// Serves until the near end is gone.
  /// - Throws: `DriverError` when nobody has started this process for that.
  public func run() throws(DriverError) {
    guard let memory = try? SharedMemory(attaching: OwnedDescriptor(adopting: Self.memoryDescriptor)),
      let (plan, ring) = PeerRequest.plan(in: memory)
    else { throw DriverError(.notSupported, "the other end of a ring is started by a run, not by hand") }
    let commands = OwnedDescriptor(adopting: Self.commandDescriptor)
    let replies = OwnedDescriptor(adopting: Self.replyDescriptor)
    do {
      let workerSet = try RingWorkers(plan, ring, side: .far(memory)).make()
      try replies.write(PeerReply.ready.encoded)
      while let command = try next(of: commands) {
        guard let phase = command.phase else { throw PeerMessageError() }
        guard try run(phase, workerSet.workers, after: plan.producers.count, commands) else { return }
        try replies.write(PeerReply.done(PeerRemarks(workerSet.workers, workerSet.ledgers)).encoded)
      }
    } catch {
      // Whoever asked says it to the user.
      try? replies.write(PeerReply.refused("\(error)").encoded)
    }
  }

  /// Runs one phase; false when the near end is gone.
  private func run(
    _ phase: PhasePlan, _ workers: [any LoadWorker], after threadCount: Int, _ commands: OwnedDescriptor
  ) throws -> Bool {
    let control = PhaseControl(plan: phase, startNanoseconds: 0)
    var threads: [PinnedThread] = []
    defer {
      control.stopReceiving()
      for thread in threads { thread.join() }
    }
    for (index, worker) in workers.enumerated() {
      worker.meters.findings.clear()
      let core = CPUTopology.core(forThread: threadCount + index)
      let worker = worker.withThread
      threads.append(
        try PinnedThread(name: worker.name, core: core) {
          PrecisionSleep.setTimerSlack(nanoseconds: 1)
          worker.run(control)
        })
    }
    while let command = try next(of: commands) {
      switch command {
      case .startReceiving: control.startReceiving()
      default: return true
      }
    }
    return false
  }

  /// Waits for the next command; nil when the near end is gone.
  private func next(of commands: OwnedDescriptor) throws -> PeerCommand? {
    while true {
      switch try commands.read(upTo: 1) {
      case .nothing: continue
      case .end: return nil
      case .bytes(let bytes):
        guard let command = PeerCommand(rawValue: bytes[0]) else { throw PeerMessageError() }
        return command
      }
    }
  }
}
