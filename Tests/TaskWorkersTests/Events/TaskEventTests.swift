import Serialization
import Testing

@testable import TaskWorkers

@Suite struct TaskEventTests {
  static func full() -> TaskEvent {
    var event = TaskEvent(
      .taskSucceeded, hostname: "worker1", timestamp: 5, task: TaskIdentifier(high: 1, low: 2), name: "add", retries: 3)
    event.clock = 9
    event.queue = "mail"
    event.root = TaskIdentifier(high: 3, low: 4)
    event.parent = TaskIdentifier(high: 5, low: 6)
    event.runtimeNanoseconds = 1_500_000
    event.exception = "ValueError: bad"
    event.isTerminated = true
    event.isExpired = false
    event.heartbeatNanoseconds = 2_000_000_000
    event.active = 4
    event.processed = 10
    return event
  }

  @Test func comesBackAsItWasWritten() throws {
    for event in [Self.full(), TaskEvent(.workerOnline, hostname: "w", timestamp: -1)] {
      #expect(try travelled(event) == event)
    }
  }

  @Test func everyKindHasTheFieldsNameAndKey() throws {
    for kind in TaskEvent.Kind.allCases {
      #expect(try travelled(TaskEvent(kind, hostname: "w", timestamp: 0)).kind == kind)
    }
    #expect(TaskEvent.Kind.taskSucceeded.routingKey == "task.succeeded")
    #expect(TaskEvent.Kind.workerHeartbeat.routingKey == "worker.heartbeat")
  }

  @Test func refusesAnUnknownKind() throws {
    var writer = ByteWriter()
    try Serializer.messagepack.encode(["type": "task-danced"], into: &writer)
    #expect(throws: SerializationError.self) {
      try Serializer.messagepack.decode(TaskEvent.self, from: writer.copied())
    }
  }
}

/// A value after its way through a message.
func travelled<Value: SerializableValue>(_ value: Value) throws -> Value {
  var writer = ByteWriter()
  try Serializer.messagepack.encode(value, into: &writer)
  return try Serializer.messagepack.decode(Value.self, from: writer.copied())
}
