import ResultModel

extension MessageCounts {
  /// Every count by its name in files, in the order of a message's way.
  var byName: [(name: String, count: Int)] {
    let always = [
      ("scheduled", scheduled), ("sent", sent), ("accepted", accepted), ("unroutable", unroutable),
      ("confirmed", confirmed), ("rejected", rejected), ("returned", returned), ("received", received),
      ("acknowledged", acknowledged), ("redelivered", redelivered), ("expired", expired), ("dropped", dropped),
      ("dead_lettered", deadLettered), ("errors", errors),
    ]
    let optional = [
      ("discarded", discarded), ("failed", failed), ("retried", retried), ("executed", executed), ("revoked", revoked),
      ("late", late),
    ]
    var all: [(name: String, count: Int)] = []
    for (name, count) in always { all.append((name: name, count: count)) }
    for (name, count) in optional { if let count { all.append((name: name, count: count)) } }
    return all
  }

  /// What became of messages that did not simply arrive, in words; a closed loop schedules nothing.
  var detours: [(words: String, count: Int)] {
    [
      ("not sent in time", max(0, scheduled - sent)), ("unroutable", unroutable), ("rejected", rejected),
      ("returned", returned), ("redelivered", redelivered), ("expired", expired), ("dropped", dropped),
      ("dead-lettered", deadLettered), ("answered too late", errors),
      ("failed", failed ?? 0), ("retried", retried ?? 0), ("revoked", revoked ?? 0),
    ]
  }
}
