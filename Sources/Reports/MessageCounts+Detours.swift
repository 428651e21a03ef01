import ResultModel

extension MessageCounts {
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
