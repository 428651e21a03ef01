import DriverInterface
import Platform
import WorkloadLoops

/// The process at the far end of a ring, as the near end's process sees it: started with the workers, told about each phase,
/// gone with this object.
///
/// Any thread may ask for `failure`; one thread at a time runs a phase. The conversation goes through two pipes, a few bytes
/// per phase; items, counts and histograms go through the shared memory.
final class RingPeer: Sendable {
  private let child: ChildProcess
  private let meters: [WorkerMeters]
  private let ledgers: [SequenceLedger]
  private let commands: OwnedDescriptor
  /// The child's end, held so that a command to a child that has died gets lost instead of raising SIGPIPE.
  private let heldCommands: OwnedDescriptor
  private let replies: OwnedDescriptor
  private let received = Guarded<[UInt8]>([])
  private let loss = Guarded<String?>(nil)

  /// How long a child may take for its start and for the end of a phase, when there is nothing left to do.
  private static let patienceNanoseconds: Int64 = 10_000_000_000
  /// How long it may take to end once it has closed its pipe.
  private static let endNanoseconds: Int64 = 1_000_000_000
  /// How often the child is told of the engine's signals: its core is not needed more often, and a phase ends that much later.
  private static let periodNanoseconds: Int64 = 2_000_000
  /// The same while it is held: the time to the first item of a backlog is measured.
  private static let heldPeriodNanoseconds: Int64 = 200_000

  /// Starts the process and waits until its consumers are ready.
  /// - Throws: `DriverError` when it cannot be started or refuses.
  init(_ program: PeerProgram, _ region: PeerRegion) throws(DriverError) {
    meters = region.meters
    ledgers = region.ledgers
    do {
      let commandPipe = try OwnedDescriptor.pipe()
      let replyPipe = try OwnedDescriptor.pipe()
      var launch = ChildProcess.Launch(executable: program.executable, arguments: program.arguments)
      launch.inherited = [
        RingPeerProcess.memoryDescriptor: region.memory.descriptor.number,
        RingPeerProcess.commandDescriptor: commandPipe.reading.number,
        RingPeerProcess.replyDescriptor: replyPipe.writing.number,
      ]
      launch.standardOutput = .discarded
      child = try ChildProcess(launch)
      commands = commandPipe.writing
      heldCommands = commandPipe.reading
      replies = replyPipe.reading
      // Else the end of the child would not be the end of its replies.
      replyPipe.writing.close()
    } catch {
      throw DriverError(.unavailable, "the other end of the ring: \(error)")
    }
    try waitUntilReady()
  }

  private func waitUntilReady() throws(DriverError) {
    do {
      let first = try reply()
      guard first == .ready else { throw complaint(about: first) }
    } catch {
      throw DriverError(.unavailable, "\(error)")
    }
  }

  /// Why it cannot go on; nil as long as it can.
  var failure: String? { loss.withLock { $0 } }

  /// Has the child run one phase, and takes over what it found. Returns when the phase is over or the child is lost.
  func run(_ phase: PhaseControl) {
    guard failure == nil else { return }
    do {
      try send(PeerCommand(beginning: phase.plan))
      var isHeld = phase.isReceivingHeld
      while !phase.isReceivingOver {
        if isHeld, !phase.isReceivingHeld {
          isHeld = false
          try send(.startReceiving)
        }
        let period = isHeld ? Self.heldPeriodNanoseconds : Self.periodNanoseconds
        if let early = try listen(untilMonotonic: MonotonicClock.now() + period) { throw complaint(about: early) }
      }
      try send(.stopReceiving)
      let last = try reply()
      guard case .done(let remarks) = last else { throw complaint(about: last) }
      remarks.apply(to: meters, ledgers)
    } catch {
      loss.withLock { $0 = "\(error)" }
    }
  }

  private func send(_ command: PeerCommand) throws { try commands.write([command.rawValue]) }

  /// The next reply; a child that does not answer is killed.
  private func reply() throws -> PeerReply {
    let deadline = MonotonicClock.now() + Self.patienceNanoseconds
    while MonotonicClock.now() < deadline {
      if let reply = try listen(untilMonotonic: deadline) { return reply }
    }
    child.kill()
    throw PeerLoss(name, "did not answer for \(Self.patienceNanoseconds / 1_000_000_000) s and was killed")
  }

  /// Hears what the child says until the deadline; nil when that is nothing, or not all of it.
  private func listen(untilMonotonic deadline: Int64) throws -> PeerReply? {
    switch try replies.read(untilMonotonic: deadline) {
    case .nothing:
      return nil
    case .end:
      // Its pipe is closed a moment before it has ended.
      if child.wait(untilMonotonic: MonotonicClock.now() + Self.endNanoseconds) == nil { child.kill() }
      throw PeerLoss(name, child.wait().map { "\($0.outcome)" } ?? "closed its pipe")
    case .bytes(let bytes):
      let taken: Result<PeerReply?, PeerMessageError> = received.withLock { received in
        received += bytes
        do throws(PeerMessageError) {
          return .success(try PeerReply.take(from: &received))
        } catch {
          return .failure(error)
        }
      }
      do { return try taken.get() } catch { throw PeerLoss(name, "\(error)") }
    }
  }

  private func complaint(about reply: PeerReply) -> PeerLoss {
    if case .refused(let reason) = reply { return PeerLoss(name, "said: \(reason)") }
    return PeerLoss(name, "\(PeerMessageError())")
  }

  private var name: String { "the other end of the ring, process \(child.processID)," }
}

/// Why the process at the far end cannot go on, in a sentence.
private struct PeerLoss: Error, CustomStringConvertible {
  let description: String

  init(_ who: String, _ what: String) { description = "\(who) \(what)" }
}
