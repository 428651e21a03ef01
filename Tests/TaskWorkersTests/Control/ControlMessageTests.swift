import Serialization
import Testing

@testable import TaskWorkers

@Suite struct ControlMessageTests {
  static let commands: [ControlCommand] = [
    .active, .scheduled, .reserved, .revoked, .registered, .stats, .ping, .conf, .activeQueues, .shutdown,
    .enableEvents, .disableEvents, .queryTask([TaskIdentifier(high: 1, low: 2)]),
    .revoke([TaskIdentifier(high: 1, low: 2), TaskIdentifier(high: 3, low: 4)], terminate: true),
    .rateLimit(task: "add", RateLimit("10/m")), .rateLimit(task: "add", nil),
    .timeLimit(task: "add", softNanoseconds: 5, hardNanoseconds: nil), .poolGrow(2), .poolShrink(1),
    .addConsumer(queue: "mail"), .cancelConsumer(queue: "mail"),
  ]

  @Test func everyCommandComesBackAsItWasWritten() throws {
    for command in Self.commands {
      let request = ControlRequest(command, destination: ["worker1"], ticket: 7, replyTo: 9)
      #expect(try travelled(request) == request)
    }
    #expect(Set(Self.commands.map(\.method)).count == 20)
  }

  @Test func everyAnswerComesBackAsItWasWritten() throws {
    let task = TaskIdentifier(high: 1, low: 2)
    var statistics = WorkerStatistics()
    (statistics.pool, statistics.concurrency, statistics.prefetchCount) = ("threads", 4, 16)
    statistics.uptimeNanoseconds = 77
    statistics.totals = ["SUCCESS": 5, "FAILURE": 1]
    let answers: [ControlReply.Answer] = [
      .ok("done"), .error("unknown task 'x'"), .pong, .names(["a", "b"]), .statistics(statistics),
      .tasks([TaskSummary(id: task, name: "add", retries: 2, moment: 3)]),
      .standings([TaskStanding(id: task, place: .reserved)]), .configuration(["pool": "solo"]),
      .identifiers([task], total: 70_000), .identifiers([], total: 0),
    ]
    for answer in answers {
      let reply = ControlReply(worker: "worker1", ticket: 3, answer: answer)
      #expect(try travelled(reply) == reply)
    }
    #expect(statistics.processed == 6)
  }

  @Test func refusesAnUnknownCommandAndOneWithoutItsArguments() throws {
    for method in ["dance", "revoke", "rate_limit", "pool_grow", "add_consumer", ""] {
      var writer = ByteWriter()
      try Serializer.messagepack.encode(["method": method], into: &writer)
      #expect(throws: SerializationError.self, "\(method)") {
        try Serializer.messagepack.decode(ControlRequest.self, from: writer.copied())
      }
    }
  }
}
