import MessageBroker
import Testing

@Suite struct SmallWorldTests {
  /// What can happen to a queue of two messages with two consumers.
  enum Step: CaseIterable {
    case publish, pollFirst, pollSecond, acknowledgeNewest, requeueOlder, requeueAll, crashSecond

    /// - Parameter id: A number for the message, if it is one.
    func operations(id: UInt64) -> [BrokerOperation] {
      switch self {
      case .publish: [.publish(id, exchange: "amq.direct", key: "q", .init(), mayReuseRoute: true, in: 0)]
      case .pollFirst: [.poll(0, limit: 1)]
      case .pollSecond: [.poll(1, limit: 1)]
      // Counted back from the one after next: 2 is the newest delivery, 3 the one before.
      case .acknowledgeNewest: [.settle(back: 2, multiple: false, .acknowledge, in: 0)]
      case .requeueOlder: [.settle(back: 3, multiple: false, .requeue, in: 0)]
      case .requeueAll: [.settle(back: .max, multiple: true, .requeue, in: 0)]
      case .crashSecond: [.closeSession(1)] + SmallWorldTests.consumer(1)
      }
    }
  }

  static func consumer(_ slot: Int) -> [BrokerOperation] {
    [.openSession(slot, windowCapacity: 4, confirms: false), .consume("q", .init(prefetch: 2), in: slot)]
  }

  /// Every sequence of five steps, compared with the model after each: whatever a few messages can do wrong, they do here.
  @Test func everyShortHistoryAgreesWithTheModel() {
    var options = ReferenceQueueOptions()
    options.maxLength = 2
    let binding = ReferenceBinding(source: "amq.direct", destination: .queue("q"), key: "q")
    let beginning =
      [.declareQueue("q", options, by: nil), .bind(binding, by: nil)] + Self.consumer(0) + Self.consumer(1)
      + Step.publish.operations(id: 0)
    var limits = BrokerLimits()
    limits.sessions = 2
    let test = OperationHistory { [limits] in RealBroker(limits: limits) }
    let count = Step.allCases.count
    for world in 0..<(count * count * count * count * count) {
      var code = world
      var history = beginning
      for number in 1...5 as ClosedRange<UInt64> {
        history += Step.allCases[code % count].operations(id: number)
        code /= count
      }
      let difference = test.firstDifference(in: history + [.look])
      #expect(difference == nil, "\(history.dropFirst(beginning.count)): \(difference?.description ?? "")")
    }
  }
}
