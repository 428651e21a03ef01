import MessageBroker
import Testing

@Suite struct OperationCoverageTests {
  /// What histories show, by name: how often.
  func outcomes(features: BrokerFeatures) -> [String: Int] {
    var seen: [String: Int] = [:]
    for seed in 1...20 as ClosedRange<UInt64> {
      var model = ReferenceBroker()
      for operation in OperationGenerator.history(seed: seed, features: features, count: 5000) {
        for name in names(of: model.perform(operation), operation) { seen[name, default: 0] += 1 }
      }
    }
    return seen
  }

  func names(of outcome: OperationOutcome, _ operation: BrokerOperation) -> [String] {
    let kind = String("\(operation)".prefix { $0 != "(" })
    switch outcome {
    case .refused(let code): return ["\(kind) refused with \(code.rawValue)"]
    case .published(let answer, _): return ["published: \(answer)"]
    case .deliveries(let deliveries):
      let deaths = deliveries.flatMap(\.deaths)
      return [deliveries.isEmpty ? "\(kind) found nothing" : "\(kind) found messages"]
        + (deliveries.contains(where: \.isRedelivered) ? ["redelivered"] : [])
        + (deliveries.count > 4 ? ["long batch"] : []) + Set(deaths.map { "died: \($0.reason.rawValue)" })
        + (deaths.contains { $0.count > 1 } ? ["died again"] : [])
        + (deliveries.contains { $0.deaths.count > 1 } ? ["died of two"] : [])
    case .confirms(_, _, let nacks): return [nacks.isEmpty ? "confirms" : "confirms with nacks"]
    case .count(let count): return ["\(kind): \(count > 0 ? "some" : "none")"]
    case .skipped: return ["\(kind) skipped"]
    default: return [kind]
    }
  }

  let everywhere = [
    "bind", "bind refused with 403", "bind refused with 404", "bind refused with 405", "cancel", "closeSession",
    "confirms",
    "confirms with nacks", "consume", "consume refused with 403", "consume refused with 404",
    "consume refused with 405",
    "consume refused with 406",
    "declareExchange", "declareExchange refused with 403", "declareQueue", "declareQueue refused with 403",
    "declareQueue refused with 405", "declareQueue refused with 406", "declareQueue refused with 530", "deleteExchange",
    "deleteExchange refused with 403", "deleteExchange refused with 406", "deleteQueue refused with 405",
    "deleteQueue refused with 406", "deleteQueue: none", "deleteQueue: some", "get found messages", "get found nothing",
    "get refused with 404", "get refused with 405", "long batch", "look", "poll found messages", "poll found nothing",
    "publish refused with 404", "published: accepted", "published: full", "published: rejected",
    "published: unroutable",
    "purgeQueue refused with 405", "purgeQueue: none", "purgeQueue: some", "redelivered", "setPaused",
    "setPaused refused with 404", "settle", "settle refused with 406", "unbind", "unbind refused with 405",
  ]
  let withEverything = [
    "advance", "declareExchange refused with 406", "died again", "died of two",
    "died: delivery_limit", "died: expired", "died: maxlen", "died: rejected", "publish refused with 403",
    "published: returned",
  ]

  /// A random test is worth what it reaches.
  @Test func historiesReachEveryOutcome() {
    #expect(BrokerFeatures.implemented == .all)
    let seen = outcomes(features: .implemented)
    #expect((everywhere + withEverything).filter { seen[$0, default: 0] < 2 } == [])
  }
}
