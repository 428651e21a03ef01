import Serialization
import Testing

@testable import TaskWorkers

/// Remote control, as users of the field's task queues know it.
@Suite struct ControlDeskTests {
  private let task = TaskIdentifier(high: 1, low: 2)

  private func desk(canTerminate: Bool = false) -> ControlDesk {
    ControlDesk(
      name: "worker1", registered: ["add", "mul"], queues: ["tasks"], concurrency: 2, concurrencyLimit: 4,
      sendsEvents: false, canTerminate: canTerminate, configuration: ["pool": "threads"])
  }

  private func facts() -> ControlDesk.Facts {
    var facts = ControlDesk.Facts()
    facts.active = [TaskSummary(id: task, name: "add")]
    facts.reserved = [TaskSummary(id: TaskIdentifier(high: 3, low: 4), name: "mul")]
    facts.scheduled = [TaskSummary(id: TaskIdentifier(high: 5, low: 6), name: "mul", moment: 9)]
    facts.revoked = [TaskIdentifier(high: 7, low: 8)]
    return facts
  }

  private func ask(_ command: ControlCommand, _ desk: inout ControlDesk) throws -> (
    action: ControlDesk.Action?, answer: ControlReply.Answer
  ) {
    let answered = desk.handle(ControlRequest(command, ticket: 5), facts())
    let handled = try #require(answered)
    #expect(handled.reply.worker == "worker1" && handled.reply.ticket == 5)
    return (handled.action, handled.reply.answer)
  }

  @Test func inspectionShowsWhatIsInHandAndChangesNothing() throws {
    var desk = desk()
    let expected: [(ControlCommand, ControlReply.Answer)] = [
      (.active, .tasks(facts().active)), (.reserved, .tasks(facts().reserved)),
      (.scheduled, .tasks(facts().scheduled)), (.revoked, .identifiers(facts().revoked, total: 1)),
      (.registered, .names(["add", "mul"])), (.ping, .pong), (.conf, .configuration(["pool": "threads"])),
      (.activeQueues, .names(["tasks"])), (.stats, .statistics(WorkerStatistics())),
      (
        .queryTask([task, TaskIdentifier(high: 7, low: 8), TaskIdentifier(high: 9, low: 9)]),
        .standings([
          TaskStanding(id: task, place: .active), TaskStanding(id: TaskIdentifier(high: 7, low: 8), place: .revoked),
        ])
      ),
    ]
    for (command, answer) in expected {
      let handled = try ask(command, &desk)
      #expect(handled.action == nil && handled.answer == answer, "\(command.method)")
    }
  }

  @Test func aCommandForOthersIsNotAnswered() {
    var desk = desk()
    let others = desk.handle(ControlRequest(.ping, destination: ["worker2"]), facts())
    let both = desk.handle(ControlRequest(.ping, destination: ["worker2", "worker1"]), facts())
    #expect(others == nil && both != nil)
  }

  @Test func revokeCallsTasksOff() throws {
    var desk = desk()
    #expect(try ask(.revoke([task], terminate: false), &desk).action == .revoke([task], terminate: false))
    #expect(try ask(.revoke([task], terminate: true), &desk).action == .revoke([task], terminate: true))
  }

  /// More than fit into a message used to get no answer at all.
  @Test func theNewestOfManyRevokedTasksAreShownWithTheirNumber() throws {
    var desk = desk()
    var facts = ControlDesk.Facts()
    facts.revoked = (0..<50_000).map { TaskIdentifier(high: .max, low: .max - UInt64($0)) }
    let answered = desk.handle(ControlRequest(.revoked, ticket: 5), facts)
    let reply = try #require(answered).reply
    let newest = Array(facts.revoked.reversed().prefix(ControlReply.identifierLimit))
    #expect(reply.answer == .identifiers(newest, total: 50_000))
    var writer = ByteWriter(capacity: 256, limit: TaskEnvelope.byteCountLimit)
    try Serializer.messagepack.encode(reply, into: &writer)
    #expect(try Serializer.messagepack.decode(ControlReply.self, from: writer.bytes) == reply)
    let many = desk.handle(ControlRequest(.revoke(facts.revoked, terminate: false)), facts)
    #expect(try #require(many).reply.answer == .ok("50000 tasks flagged as revoked"))
  }

  @Test func rateLimitsAreForTasksThatAreKnown() throws {
    var desk = desk()
    let limit = RateLimit("10/m")
    #expect(try ask(.rateLimit(task: "add", limit), &desk).action == .setRateLimit(task: "add", limit))
    let refused = try ask(.rateLimit(task: "sub", limit), &desk)
    #expect(refused.action == nil && refused.answer == .error("unknown task 'sub'"))
  }

  @Test func aHardTimeLimitNeedsAPoolThatCanKill() throws {
    var threads = desk()
    let command = ControlCommand.timeLimit(task: "add", softNanoseconds: 1, hardNanoseconds: 2)
    let refused = try ask(command, &threads)
    #expect(refused.action == nil && refused.answer == .error("a hard time limit needs the processes pool"))
    let soft = ControlCommand.timeLimit(task: "add", softNanoseconds: 1, hardNanoseconds: nil)
    #expect(try ask(soft, &threads).action == .setTimeLimit(task: "add", softNanoseconds: 1, hardNanoseconds: nil))
    var processes = desk(canTerminate: true)
    #expect(
      try ask(command, &processes).action == .setTimeLimit(task: "add", softNanoseconds: 1, hardNanoseconds: 2))
  }

  @Test func thePoolGrowsAndShrinksWithinItsLimits() throws {
    var desk = desk()
    #expect(try ask(.poolGrow(2), &desk).action == .setConcurrency(4))
    #expect(try ask(.poolGrow(1), &desk).action == nil)
    let tooMany = try ask(.poolGrow(1), &desk).answer
    #expect(tooMany == .error("the pool has 4 and may have 4 at most: it cannot grow by 1"))
    #expect(try ask(.poolShrink(3), &desk).action == .setConcurrency(1))
    #expect(try ask(.poolShrink(1), &desk).action == nil)
    let tooFew = try ask(.poolShrink(1), &desk).answer
    #expect(tooFew == .error("the pool has 1 and keeps 1 at least: it cannot shrink by 1"))
    #expect(try ask(.poolShrink(0), &desk).action == nil)
    #expect(try ask(.poolShrink(0), &desk).answer == .error("pool_shrink takes 1 or more, got 0"))
    #expect(try ask(.poolGrow(-2), &desk).answer == .error("pool_grow takes 1 or more, got -2"))
    #expect(desk.concurrency == 1)
  }

  /// Whoever may send commands may send these numbers.
  @Test func thePoolRefusesToGrowAndShrinkByNumbersThatOverflow() throws {
    var desk = desk()
    for number in [Int.max, .max - 1, .min, .min + 1] {
      #expect(try ask(.poolGrow(number), &desk).action == nil)
      #expect(try ask(.poolShrink(number), &desk).action == nil)
    }
    #expect(desk.concurrency == 2)
  }

  @Test func queuesAreAddedAndCancelledOnce() throws {
    var desk = desk()
    #expect(try ask(.addConsumer(queue: "mail"), &desk).action == .addConsumer(queue: "mail"))
    #expect(try ask(.addConsumer(queue: "mail"), &desk).action == nil)
    #expect(desk.queues == ["tasks", "mail"])
    #expect(try ask(.cancelConsumer(queue: "mail"), &desk).action == .cancelConsumer(queue: "mail"))
    #expect(try ask(.cancelConsumer(queue: "mail"), &desk).answer == .error("not consuming from 'mail'"))
  }

  @Test func eventsAreTurnedOnAndOff() throws {
    var desk = desk()
    #expect(try ask(.enableEvents, &desk).action == .setEvents(true))
    #expect(try ask(.enableEvents, &desk).action == nil)
    #expect(try ask(.disableEvents, &desk).action == .setEvents(false))
  }

  @Test func shutdownEndsTheWorker() throws {
    var desk = desk()
    #expect(try ask(.shutdown, &desk).action == .shutdown)
  }
}
