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
    }
  }

  static func consumer(_ pattern: Scenario.Pattern) -> Set<String> {
    let always: Set = ["count", "batch", "wait"]
    return switch pattern {
    case .ring: always
    case .requestReply: always.union(["from", "prefetch", "ack", "speed", "busy", "priority"])
    case .workQueue, .publishSubscribe, .routing, .topics:
      always.union(["from", "prefetch", "ack", "speed", "busy", "priority", "fail"])
    }
  }

  /// Keys directly under `workload`; those of the groups may stand there for all of them.
  static func workload(_ pattern: Scenario.Pattern) -> Set<String> {
    let always: Set = ["pattern", "producers", "consumers"]
    return producer(pattern).union(consumer(pattern)).union(always).union(pattern == .ring ? ["ring"] : ["dispatch"])
  }
}
