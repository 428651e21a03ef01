import ScenarioModel
import WorkloadLoops

extension QueueAccount {
  /// The accounts of a scenario: each holds queues that dead letters connect, of which at least one may lose messages.
  static func all(of scenario: Scenario, _ deadLetterQueues: [String: [String]]) -> [QueueAccount] {
    var groups = scenario.topology.queues.map { Set([$0.name]) }
    for (source, queues) in deadLetterQueues {
      let connected = groups.filter { !$0.isDisjoint(with: queues + [source]) }
      groups.removeAll { !$0.isDisjoint(with: queues + [source]) }
      groups.append(connected.reduce(into: []) { $0.formUnion($1) })
    }
    let losing = Set(scenario.topology.queues.filter { $0.mayLose(in: scenario) }.map(\.name))
    return groups.filter { !$0.isDisjoint(with: losing) }.map { names in
      let queues = scenario.topology.queues.map(\.name).filter(names.contains)
      return QueueAccount(
        queues: queues,
        deadLetterCopies: Dictionary(
          queues.map { ($0, deadLetterQueues[$0]?.count ?? 0) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}

extension Scenario.Queue {
  /// Whether messages may leave it without being handled, or be received without being done with, by its own rules or those of who
  /// uses it.
  fileprivate func mayLose(in scenario: Scenario) -> Bool {
    mayLose || deadLetter != nil || deliveryLimit != nil
      // What was received and failed is not done with.
      || scenario.workload.consumerGroups.contains { $0.failingShare > 0 && $0.queues.contains(name) }
      || scenario.workload.producerGroups.contains { group in
        group.expirationNanoseconds != nil
          && group.keys.contains {
            scenario.topology.queues(reachedBy: $0, headers: group.headers, through: group.exchange).contains(name)
          }
      }
  }
}
