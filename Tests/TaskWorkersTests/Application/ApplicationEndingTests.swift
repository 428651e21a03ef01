import DriverInterface
import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// What becomes of results and messages that do not take the usual way. The clock is the test's.
@Suite struct ApplicationEndingTests {
  private let soon = Duration.milliseconds(1)

  /// Nobody used to hear of it.
  @Test func theWaiterOfAChordWhoseMembersStayAwayIsTold() throws {
    let world = try ApplicationWorld { $0.chordLimits.lifetimeNanoseconds = 1_000_000_000 }
    let late = try Add(x: 1, y: 1).signature(ApplyOptions { $0.countdown = .seconds(3600) })
    let total = try world.application.apply(
      .chord(header: [.task(try Add(x: 1, y: 2).signature()), .task(late)], body: .task(try Total().signature())),
      as: Int.self)
    world.run()
    #expect(total.state == .pending)
    world.wait(.seconds(2))
    let now = world.transport.clock.now()
    world.application.send(world.application.workflows.withLock { $0.expire(now: now) }, now: now)
    world.run()
    #expect(throws: TaskResultError.self) { try total.get(timeout: soon) }
    #expect(total.state == .failure)
    // Once.
    #expect(world.application.workflows.withLock { $0.expire(now: now) } == TaskConsequences())
    #expect(world.application.workflows.withLock { $0.openChordCount } == 0)
  }

  /// Results used to be kept until memory was gone.
  @Test func theWaiterOfAChordWhoseResultsFindNoRoomIsToldWhy() throws {
    let world = try ApplicationWorld { $0.chordLimits.byteCount = 1000 }
    let header = try (0..<3).map { _ in Workflow.task(try Fill(count: 600).signature()) }
    let body = Workflow.task(try Mourn().signature())
    let total = try world.application.apply(.chord(header: header, body: body), as: String.self)
    world.run()
    #expect {
      try total.get(timeout: soon)
    } throws: { error in
      let failure = (error as? TaskResultError)?.failure
      return failure?.typeName == ChordFailure.typeName && failure?.text.contains("1000 bytes") == true
    }
    let statistics = world.application.chordStatistics
    #expect(statistics.overflowed == 1 && statistics.open == 0 && statistics.byteCount == 0)
  }

  /// The body waits with them, and is as large as its arguments and whatever follows it.
  @Test func theWaiterOfAChordWhoseBodyFindsNoRoomIsToldWhy() throws {
    let world = try ApplicationWorld { $0.chordLimits.byteCount = 20_000 }
    let header = try (0..<2).map { _ in Workflow.task(try Add(x: 1, y: 2).signature()) }
    var large = try Total().signature()
    large.options.headers["note"] = String(repeating: "x", count: 20_000)
    let following = Workflow.chain([.task(try Total().signature()), .task(large)])
    let handles = try [Workflow.task(large), following].map { body in
      try world.application.apply(.chord(header: header, body: body), as: Int.self)
    }
    let small = try world.application.apply(
      .chord(header: header, body: .task(try Total().signature())), as: Int.self)
    world.run()
    for handle in handles {
      #expect {
        try handle.get(timeout: soon)
      } throws: { error in
        (error as? TaskResultError)?.failure?.text.contains("more than 20000 bytes") == true
      }
    }
    #expect(try small.get(timeout: soon) == 6)
    let statistics = world.application.chordStatistics
    #expect(statistics.overflowed == 2 && statistics.open == 0 && statistics.byteCount == 0)
  }

  @Test func messagesThatAreNoResultsAreCounted() throws {
    let world = try ApplicationWorld()
    let message = OutgoingMessage(bytes: [1, 2, 3], destination: .address(world.application.inboxAddress))
    try world.application.publish(message)
    world.run()
    #expect(world.application.resultStatistics.malformed == 1)
  }

  /// It used to be dropped, and whoever had asked waited in vain.
  @Test func anAnswerTooLargeForAMessageIsReplacedByWhy() throws {
    let world = try ApplicationWorld()
    let inbox = world.transport.openInbox([], limit: 16)
    let text = String(repeating: "x", count: TaskEnvelope.byteCountLimit)
    let reply = ControlReply(worker: "worker1", ticket: 3, answer: .names([text]))
    #expect(world.application.sendReply(reply, to: inbox.address))
    var answers: [ControlReply] = []
    _ = inbox.take(now: 0) { message in
      let bytes = unsafe BorrowedBytes(message.body.bytes)
      if let answer = try? Serializer.messagepack.decode(ControlReply.self, from: bytes) { answers.append(answer) }
    }
    let answer = try #require(answers.first)
    #expect(answers.count == 1 && answer.worker == "worker1" && answer.ticket == 3)
    guard case .error(let reason) = answer.answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(reason.hasPrefix("the answer cannot be sent: "))
  }

  @Test func anAnswerThatFindsNoRoomIsOfferedForAWhile() throws {
    let world = try ApplicationWorld()
    let inbox = world.transport.openInbox([], limit: 16)
    let name = try #require(world.transport.broker.names[inbox.address])
    let reply = ControlReply(worker: "worker1", ticket: 3, answer: .pong)
    world.transport.broker.limits[name] = 0
    #expect(!world.application.sendReply(reply, to: inbox.address, patience: 0))
    world.transport.broker.limits[name] = nil
    #expect(world.application.sendReply(reply, to: inbox.address, patience: 0))
    #expect(world.transport.broker.count(name) == 1)
  }

  /// A text beyond the message's own limit used to be left out as a whole.
  @Test func theBeginningOfAVeryLongErrorTextTravels() {
    var writer = ByteWriter(capacity: 64, limit: TaskEnvelope.byteCountLimit)
    OutcomeWriter.begin(&writer, for: .none, retries: 0)
    let text = "é" + String(repeating: "xé", count: 1 << 20)
    OutcomeWriter.end(&writer, .failure, errorType: "Long", text: text, flags: [])
    let outcome = writer.copied().withBody { TaskOutcome($0).map { ($0.errorType, $0.errorText) } }
    #expect(outcome?.0 == "Long")
    let cut = outcome?.1 ?? ""
    #expect((OutcomeWriter.textLimit - 3...OutcomeWriter.textLimit).contains(cut.utf8.count) && text.hasPrefix(cut))
  }

  @Test func aKeeperSaysWhatItHolds() throws {
    let world = try ApplicationWorld()
    for delay in [30, 10, 20] {
      _ = try world.application.apply(
        Add(x: delay, y: 0), ApplyOptions { $0.countdown = .seconds(delay) })
    }
    world.run()
    let start = world.transport.clock.now()
    #expect(world.scheduled.map(\.name) == ["Add", "Add", "Add"])
    #expect(world.scheduled.map { ($0.moment - start) / 1_000_000_000 } == [10, 20, 30])
    world.wait(.seconds(15))
    #expect(world.scheduled.count == 2)
  }
}
