/// The scheduler of periodic tasks: decides what is to be sent now.
///
/// A value without clock, thread and files. The owner stores `state` when it has made the beat, so that the moments of new entries count
/// from then on; it calls `due(now:)`, sends what it returns, takes back what it cannot send, and stores `state` before it sleeps until
/// `nextMoment`. Stored after sending, a firing is repeated when the owner dies in between (at least once); stored before, it is lost (at
/// most once).
///
/// Moments are nanoseconds since 1970 UTC, by a clock that may jump:
/// - Forwards, or while the owner did not run: what lies more than `tolerance` back was missed, and the entry's `CatchUpPolicy` decides.
/// - Backwards by up to `rewindLimit`: no moment fires twice; entries wait until the clock is where it was.
/// - Backwards by more: the clock was wrong before, and entries go on from now.
///
/// An entry that is new, or has another schedule than the state remembers, owes nothing of the past.
/// Cost: `due(now:)` and `nextMoment` look at every entry; a firing costs one or two steps of its schedule.
public struct Beat<Payload: Sendable>: Sendable {
  /// Something to send.
  public struct Firing: Sendable {
    /// The entry's.
    public let name: String
    /// The entry's.
    public let payload: Payload
    /// The moment that was meant.
    public let moment: Int64
    /// Whether it makes good for a moment that was missed.
    public let isMissed: Bool
    /// The one before it; nil for none.
    fileprivate let previousMoment: Int64?
  }

  /// How late a firing may be before its moment counts as missed, in nanoseconds.
  public let tolerance: Int64
  /// How far the clock may jump back without being taken for set right, in nanoseconds.
  public let rewindLimit: Int64
  /// The most firings of an entry in one call; the latest ones are kept.
  public let firingLimit: Int
  /// How often moments of an entry passed in one call without a firing, by its policy or by the limit.
  public private(set) var skippedCount = 0
  /// How often an entry's progress was taken back because the clock had been wrong.
  public private(set) var rewindCount = 0

  var items: [Item] = []

  /// A beat of some entries.
  /// - Parameters:
  ///   - entries: In the order in which they fire at the same moment.
  ///   - state: What an earlier beat remembered.
  ///   - now: The present moment.
  ///   - tolerance: Ten seconds by default.
  ///   - rewindLimit: Three hours by default, as in cronie.
  ///   - firingLimit: From 1; a thousand by default.
  /// - Throws: `ScheduleError` when two entries have the same name.
  public init(
    entries: [Entry], state: BeatState = BeatState(), now: Int64, tolerance: Int64 = 10_000_000_000,
    rewindLimit: Int64 = 10_800_000_000_000, firingLimit: Int = 1000
  ) throws(ScheduleError) {
    precondition(tolerance >= 0 && rewindLimit >= 0, "negative durations: \(tolerance) or \(rewindLimit) ns")
    precondition(firingLimit >= 1, "the limit of firings is 1 or more, got \(firingLimit)")
    self.tolerance = tolerance
    self.rewindLimit = rewindLimit
    self.firingLimit = firingLimit
    for entry in entries { try add(entry, remembered: state.progress[entry.name], now: now) }
  }

  /// Adds an entry.
  /// - Throws: `ScheduleError` when there is one of its name.
  public mutating func add(_ entry: Entry, now: Int64) throws(ScheduleError) {
    try add(entry, remembered: nil, now: now)
  }

  /// Takes an entry out, and returns it; nil when there is none of that name.
  @discardableResult
  public mutating func remove(_ name: String) -> Entry? {
    items.firstIndex { $0.entry.name == name }.map { items.remove(at: $0).entry }
  }

  /// Lets an entry fire or not.
  /// - Returns: false when there is none of that name.
  @discardableResult
  public mutating func setEnabled(_ isEnabled: Bool, _ name: String, now: Int64) -> Bool {
    guard let index = items.firstIndex(where: { $0.entry.name == name }) else { return false }
    if isEnabled, !items[index].entry.isEnabled {
      items[index].progress.settled = max(items[index].progress.settled, now)
    }
    items[index].entry.isEnabled = isEnabled
    items[index].findNext()
    return true
  }

  /// The entries.
  public var entries: [Entry] { items.map(\.entry) }

  /// What to remember.
  public var state: BeatState {
    var state = BeatState()
    for item in items { state.progress[item.entry.name] = item.progress }
    return state
  }

  /// When to call `due(now:)` next; nil when nothing will ever fire.
  public var nextMoment: Int64? { items.compactMap(\.next).min() }

  /// What is to be sent now, in the order of the moments that were meant.
  public mutating func due(now: Int64) -> [Firing] {
    var firings: [Firing] = []
    for index in items.indices {
      rewind(index, to: now)
      guard let next = items[index].next, next <= now else { continue }
      let before = firings.count
      fire(index, now: now, into: &firings)
      if firings.count == before || firings[before].moment > next { skippedCount += 1 }
    }
    // Swift's sort is stable: equal moments keep the order of the entries.
    return firings.sorted { $0.moment < $1.moment }
  }

  /// The firing was not sent, and those of its entry after it, taken back before, were not either: its moment is due again. After
  /// `tolerance` it counts as missed.
  public mutating func takeBack(_ firing: Firing) {
    guard let index = items.firstIndex(where: { $0.entry.name == firing.name }) else { return }
    items[index].progress.settled = firing.moment - 1
    items[index].progress.lastMoment = firing.previousMoment
    items[index].progress.firingCount -= 1
    items[index].findNext()
  }
}

extension Beat {
  private mutating func add(_ entry: Entry, remembered: BeatState.Progress?, now: Int64) throws(ScheduleError) {
    guard !items.contains(where: { $0.entry.name == entry.name }) else {
      throw ScheduleError(["two entries are named '\(entry.name)'; give each a name of its own"])
    }
    let description = entry.schedule.description
    let fresh = BeatState.Progress(schedule: description, origin: now, settled: now, lastMoment: nil, firingCount: 0)
    let known = remembered.flatMap { $0.schedule == description ? $0 : nil }
    var item = Item(entry: entry, progress: known ?? fresh, next: nil)
    // Moments that passed while it was disabled are not missed.
    if !entry.isEnabled { item.progress.settled = max(item.progress.settled, now) }
    item.findNext()
    items.append(item)
    rewind(items.count - 1, to: now)
  }

  /// Takes an entry's progress back when it lies so far ahead that the clock must have been wrong.
  private mutating func rewind(_ index: Int, to now: Int64) {
    let (limit, overflow) = now.addingReportingOverflow(rewindLimit)
    guard !overflow, items[index].progress.settled > limit else { return }
    items[index].progress.settled = now
    items[index].findNext()
    rewindCount += 1
  }

  /// Settles an entry up to now: missed moments by its policy, others one by one.
  private mutating func fire(_ index: Int, now: Int64, into firings: inout [Firing]) {
    let entry = items[index].entry
    let settled = items[index].progress.settled
    let late = max(settled, now.subtractingReportingOverflow(tolerance).overflow ? .min : now - tolerance)
    let missed = items[index].latest(min(entry.catchUp.limit, firingLimit), after: settled, upTo: late)
    let punctual = items[index].latest(firingLimit, after: late, upTo: now)
    var last = items[index].progress.lastMoment
    for (moments, isMissed) in [(missed, true), (punctual, false)] {
      for moment in moments {
        firings.append(
          Firing(
            name: entry.name, payload: entry.payload, moment: moment, isMissed: isMissed, previousMoment: last))
        last = moment
      }
    }
    items[index].progress.settled = now
    items[index].progress.lastMoment = last
    items[index].progress.firingCount += UInt64(missed.count + punctual.count)
    items[index].findNext()
  }
}
