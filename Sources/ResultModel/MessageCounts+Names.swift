extension MessageCounts {
  /// Every count by its name in files, in the order of a message's way.
  public var byName: [(name: String, count: Int)] {
    let always = [
      ("scheduled", scheduled), ("sent", sent), ("accepted", accepted), ("unroutable", unroutable),
      ("confirmed", confirmed), ("rejected", rejected), ("returned", returned), ("received", received),
      ("acknowledged", acknowledged), ("redelivered", redelivered), ("expired", expired), ("dropped", dropped),
      ("dead_lettered", deadLettered), ("errors", errors),
    ]
    let optional = [
      ("discarded", discarded), ("failed", failed), ("retried", retried), ("revoked", revoked), ("late", late),
    ]
    var all: [(name: String, count: Int)] = []
    for (name, count) in always { all.append((name: name, count: count)) }
    for (name, count) in optional { if let count { all.append((name: name, count: count)) } }
    return all
  }
}
