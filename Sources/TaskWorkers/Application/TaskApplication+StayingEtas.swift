import Platform

/// Tasks whose time has not come and that no keeper has, by their queues.
struct StayingEtas: Sendable {
  var remains: [String: [EtaRemains]] = [:]
  /// Those that were given up.
  var lostCount = 0

  var count: Int { remains.values.joined().reduce(0) { $0 + $1.count } }
}

extension TaskApplication {
  /// Tasks whose time has not come, and which found no room in their queue when their keeper ended with its node. They stay with the
  /// application until a node is started that keeps such tasks of their queue; until then they are not sent, even when their time comes.
  public var stayingEtaCount: Int { etas.withLock { $0.count } }

  /// Those of them that were lost because the application was closed. Who waited for one in this application was told.
  public var lostEtaCount: Int { etas.withLock { $0.lostCount } }

  /// Takes over what a keeper has left.
  func keep(_ remains: EtaRemains, of queue: String) {
    etas.withLock { $0.remains[queue, default: []].append(remains) }
    // Else nobody will ever ask for them.
    if isOver { giveUpEtas() }
  }

  /// Hands what keepers of a queue have left to the next one; what it has no place for stays.
  func handOverRemains(of queue: String, to seat: any TaskSeat) {
    let found = etas.withLock { $0.remains.removeValue(forKey: queue) } ?? []
    for remains in found {
      seat.adopt(remains)
      if remains.count > 0 { keep(remains, of: queue) }
    }
  }

  /// Nobody will take them any more.
  func giveUpEtas() {
    let found = etas.withLock { etas in
      etas.lostCount += etas.count
      defer { etas.remains = [:] }
      return etas.remains
    }
    for (queue, all) in found {
      for remains in all {
        remains.takeAll { message in
          noteUnsent(TaskEnvelope(unchecked: message.body), to: "queue '\(queue)'")
          return true
        }
      }
    }
  }
}
