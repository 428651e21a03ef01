/// Which keys each pattern uses.
enum KeyUse {
  static func producer(_ pattern: Scenario.Pattern) -> Set<String> {
    let always: Set = ["count", "payload", "serializer", "compression", "wait"]
    return switch pattern {
    case .ring: always.union(["batch"])
    case .workQueue, .publishSubscribe, .routing, .topics:
      always.union([
        "to", "keys", "headers", "service_time", "confirms", "batch", "compressible", "priority", "expiration",
        "persistent", "mandatory",
      ])
    case .requestReply:
      always.union(["to", "keys", "service_time", "timeout", "compressible", "priority", "persistent"])
    case .tasks: always.union(["keys", "timeout", "compressible"])
    }
  }

  static func consumer(_ pattern: Scenario.Pattern) -> Set<String> {
    let always: Set = ["count", "batch", "wait"]
    return switch pattern {
    case .ring: always
    case .tasks: []
    case .requestReply: always.union(["from", "prefetch", "ack", "speed", "busy", "priority"])
    case .workQueue, .publishSubscribe, .routing, .topics:
      always.union(["from", "prefetch", "ack", "speed", "busy", "priority", "fail"])
    }
  }

  /// Keys directly under `workload`; those of the groups may stand there for all of them.
  static func workload(_ pattern: Scenario.Pattern) -> Set<String> {
    let own: Set<String> =
      switch pattern {
      case .ring: ["consumers", "ring"]
      case .tasks: ["workers", "tasks", "beat", "dispatch", "prefetch", "service_time"]
      case .workQueue, .requestReply, .publishSubscribe, .routing, .topics: ["consumers", "dispatch"]
      }
    return producer(pattern).union(consumer(pattern)).union(["pattern", "producers"]).union(own)
  }
}
