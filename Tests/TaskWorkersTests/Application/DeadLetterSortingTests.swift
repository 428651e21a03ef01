import DriverInterface
import Testing

@testable import TaskWorkers

/// Dead letters that are sent again while a worker is there that can still do nothing with them.
@Suite struct DeadLetterSortingTests {
  private let transport = ReturningTransport()
  private let application: TaskApplication
  /// A task, a message that is none, and another task.
  private let letters: [[UInt8]]

  init() throws {
    application = try TaskApplication(
      TaskRegistry(), transport, transport.base.clock, ApplicationSettings { $0.deadLetters = DeadLetterSettings() },
      drive: { _ in nil })
    let tasks = try (1...2 as ClosedRange<UInt64>).map { number in
      try Add(x: 1, y: 2).signature().message(identifier: TaskIdentifier(high: 1, low: number), now: 0).encoded()
    }
    letters = [tasks[0], [1, 2, 3], tasks[1]]
    transport.dead = letters
  }

  /// The looking used to have no end before its limit: each letter came back before the next look.
  @Test func aLetterThatIsSentAgainAndComesBackIsSentOnceInALook() throws {
    for look in 1...2 {
      let isOld = look == 2
      let seen = try application.sortDeadLetters { _ in .sendAgain }
      #expect(seen.map(\.task?.identifier.low) == [1, nil, 2])
      #expect(transport.sentCount == 3 * look, "each once")
      #expect(transport.dead.count == 3, "and each is there again")
      #expect(seen.map { $0.task?.flags.contains(.isRedelivered) } == [isOld, nil, isOld])
    }
  }

  @Test func whatCameBackIsLookedAtTheNextTime() throws {
    let first = try application.sortDeadLetters { $0.task == nil ? .sendAgain : .keep }
    #expect(first.count == 3 && transport.sentCount == 1)
    // Behind those that stayed.
    #expect(transport.dead == [letters[0], letters[2], letters[1]])
    let second = try application.sortDeadLetters { $0.task == nil ? .remove : .keep }
    #expect(second.count == 3 && transport.sentCount == 1)
    #expect(transport.dead == [letters[0], letters[2]])
  }

  @Test func theOthersOfALookAreShownBesideOnesThatComeBack() throws {
    var shown: [UInt64?] = []
    try application.sortDeadLetters(limit: 3) { letter in
      shown.append(letter.task?.identifier.low)
      return letter.task?.identifier.low == 1 ? .sendAgain : .remove
    }
    transport.takeBack()
    #expect(shown == [1, nil, 2] && transport.sentCount == 1)
    #expect(transport.dead.map { $0.taskMessage?.identifier.low } == [1])
  }
}

/// Whatever is sent to its queue of tasks is a dead letter before anybody looks again.
private final class ReturningTransport: TaskTransport, @unchecked Sendable {
  // Unchecked, because: tests with it have one thread.
  let base = MemoryTransport()
  var dead: [[UInt8]] = []
  /// How many were sent.
  private(set) var sentCount = 0

  func declare(_ topology: Topology) { base.declare(topology) }
  func openOutbox() -> any TaskOutbox { base.openOutbox() }
  func openInbox(_ bindings: [InboxBinding], limit: Int) -> any TaskInbox { base.openInbox(bindings, limit: limit) }

  func openWorker(
    _ registry: TaskRegistry, _ options: WorkerOptions, prefetch: Int, children: ChildPoolOptions?
  ) -> any TaskSeat { base.openWorker(registry, options, prefetch: prefetch, children: children) }

  func openKeeper(queue: String) -> any TaskSeat { base.openKeeper(queue: queue) }
  func openDeadLetters(of queue: String, limit: Int) -> any DeadLetterReader { Reader(self) }

  fileprivate func takeBack() {
    let sent = base.broker.queues["tasks"] ?? []
    sentCount += sent.count
    dead += sent.map(\.bytes)
    base.broker.queues["tasks"] = []
  }

  /// Shows one letter at a time, each once, as a consumer does that acknowledges some.
  private final class Reader: DeadLetterReader {
    private let transport: ReturningTransport
    private var keptCount = 0

    init(_ transport: ReturningTransport) { self.transport = transport }

    func take(now: Int64, _ body: (ReceivedDeadLetter) -> Bool) -> Int {
      transport.takeBack()
      guard keptCount < transport.dead.count else { return 0 }
      let isRemoved = transport.dead[keptCount].withBody {
        body(ReceivedDeadLetter(body: $0, queue: "tasks", reason: "rejected"))
      }
      if isRemoved { transport.dead.remove(at: keptCount) } else { keptCount += 1 }
      return 1
    }
  }
}
