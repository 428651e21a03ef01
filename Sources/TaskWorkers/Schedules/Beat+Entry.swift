extension Beat {
  /// What fires when.
  public struct Entry: Sendable {
    /// Unique in its beat; the state remembers it by this.
    public var name: String
    /// When.
    public var schedule: Schedule
    /// What is to be sent, which is the owner's business.
    public var payload: Payload
    /// Whether it fires. Moments that pass while it does not are not missed.
    public var isEnabled: Bool
    /// What becomes of missed moments.
    public var catchUp: CatchUpPolicy

    /// An entry, which makes good for missed moments once.
    public init(
      name: String, schedule: Schedule, payload: Payload, isEnabled: Bool = true, catchUp: CatchUpPolicy = .once
    ) {
      self.name = name
      self.schedule = schedule
      self.payload = payload
      self.isEnabled = isEnabled
      self.catchUp = catchUp
    }
  }

  /// An entry, and how far it is.
  struct Item: Sendable {
    var entry: Entry
    var progress: BeatState.Progress
    /// When it fires next; nil when there is no such moment any more, or the entry is disabled.
    var next: Int64?
  }
}

extension Beat.Item {
  mutating func findNext() {
    next = entry.isEnabled ? entry.schedule.next(after: progress.settled, origin: progress.origin) : nil
  }

  /// The latest moments of the schedule, at most `limit`, after `start` and up to `end`, ascending.
  ///
  /// Looks back from the end twice as far each time: so a year of minutes costs no more than the few of them that are wanted.
  func latest(_ limit: Int, after start: Int64, upTo end: Int64) -> [Int64] {
    guard limit > 0, start < end else { return [] }
    var span: Int64 = 1024
    while true {
      let (beginning, overflow) = end.subtractingReportingOverflow(span)
      let isWhole = overflow || beginning <= start
      var moments: [Int64] = []
      var position = isWhole ? start : beginning
      while let next = entry.schedule.next(after: position, origin: progress.origin), next <= end {
        moments.append(next)
        position = next
      }
      if isWhole || moments.count >= limit { return moments.suffix(limit) }
      span *= 2
    }
  }
}
