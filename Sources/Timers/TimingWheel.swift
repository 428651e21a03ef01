import Platform

/// What is due when: up to millions of moments, each with a number for its owner, on a hierarchy of wheels.
///
/// Source: George Varghese, Tony Lauck, "Hashed and Hierarchical Timing Wheels: Data Structures for the Efficient Implementation of
/// a Timer Facility", 1987, scheme 7. Time is counted in ticks of `resolution`. A moment lies on the wheel of the highest
/// base-64 digit in which its tick differs from the present one (as in Tokio's wheel), so that eleven wheels of 64 slots reach
/// every moment there is and none needs an overflow list. One bit per slot tells which are occupied, so that empty time
/// costs nothing. What differs from the paper: a slot is opened when something is asked for, not by a clock's tick, so that a jump over a
/// storm does not stall; and a tick's entries are sorted when it is opened.
///
/// Roles: owned by one thread, reads no clock; moments are nanoseconds since any origin, the owner's.
/// Cost: insert and cancel O(1); an entry changes its wheel at most ten times before it is due, usually two to four. 32 bytes per
/// entry, in chunks that are given back when a storm is over; allocates nothing while the number of entries stays what it was.
///
/// Promises
/// - Never early: an entry is handed out when its moment has come, at most one `resolution` after it if time is advanced that often.
/// - Entries come out in the order of their moments, equal moments in the order of insertion. One whose tick was opened before it was
///   inserted comes after all that were in that tick or an earlier one.
/// - Time never runs backwards: an earlier `now` than before changes nothing.
///
/// Invariants
/// - `currentTick <= targetTick`. Entries up to `currentTick` are in the list `due`, others on the wheel and in the slot that
///   their tick and `currentTick` decide. So all entries of one tick are in one list, in the order of insertion.
/// - Bits of `occupiedSlots` and `occupiedWheels` are set exactly for what is not empty.
@safe
public struct TimingWheel: ~Copyable, Sendable {
  /// An entry, to cancel it by. Stays unmistakable after the entry is gone, until as many as 2³² others came.
  public struct Handle: Hashable, Sendable {
    /// The handle as a number, never 0.
    public let rawValue: UInt64
    /// A handle that was kept as its number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(entry: TimerEntries.Reference, stamp: UInt32) { rawValue = UInt64(entry) << 32 | UInt64(stamp) }
    var entry: TimerEntries.Reference { TimerEntries.Reference(truncatingIfNeeded: rawValue >> 32) }
    var stamp: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
  }

  /// An entry whose moment has come.
  public struct Due: Equatable, Sendable {
    /// When it was meant to be.
    public let moment: Int64
    /// What its owner gave with it.
    public let payload: UInt64
  }

  /// How long a tick is, in nanoseconds: a power of two.
  public var resolution: Int64 { 1 << ticks.shift }
  /// The most entries it ever holds.
  public let countLimit: Int
  /// How many entries there are, due ones included.
  public var count: Int { entries.count }
  /// How many entries were refused because there were `countLimit`.
  public private(set) var refusedCount = 0

  let ticks: TickScale
  var entries: TimerEntries
  /// By wheel and slot: the entries, a list each.
  var slots = [TimerEntries.List](repeating: .empty, count: TickScale.wheelCount * TickScale.slotCount)
  var occupiedSlots = [UInt64](repeating: 0, count: TickScale.wheelCount)
  var occupiedWheels: UInt16 = 0
  var due = TimerEntries.List.empty
  /// The last tick whose slot was opened.
  var currentTick: UInt64
  /// The tick of the present.
  var targetTick: UInt64

  /// A wheel without entries.
  /// - Parameters:
  ///   - now: The present moment.
  ///   - resolution: In nanoseconds, from 1; taken down to a power of two. Half a millisecond by default.
  ///   - countLimit: From 1 to 2³⁰; four million by default, which are 128 MiB.
  public init(now: Int64, resolution: Int64 = 1 << 19, countLimit: Int = 1 << 22) {
    precondition(resolution >= 1, "the resolution is 1 ns or more, got \(resolution)")
    precondition(countLimit >= 1 && countLimit <= 1 << 30, "the limit is from 1 to 2³⁰ entries, got \(countLimit)")
    ticks = TickScale(resolution: resolution)
    self.countLimit = countLimit
    entries = TimerEntries(countLimit: countLimit)
    currentTick = ticks.tick(begunBy: now)
    targetTick = currentTick
  }

  /// Adds an entry, due at once if `moment` is past; nil when there are as many as may be.
  @discardableResult
  public mutating func insert(_ payload: UInt64, at moment: Int64) -> Handle? {
    guard count < countLimit, let entry = entries.add(payload, at: moment) else {
      refusedCount += 1
      return nil
    }
    place(entry)
    return Handle(entry: entry, stamp: entries.stamp(of: entry))
  }

  /// Takes an entry out, and returns its payload; nil when it was handed out or cancelled before.
  @discardableResult
  public mutating func cancel(_ handle: Handle) -> UInt64? {
    guard handle.stamp != 0, entries.stampIfPresent(of: handle.entry) == handle.stamp else { return nil }
    unlink(handle.entry)
    return entries.remove(handle.entry).payload
  }

  /// Tells what time it is.
  /// - Returns: whether an entry is due.
  @discardableResult
  public mutating func advance(to now: Int64) -> Bool {
    targetTick = max(targetTick, ticks.tick(begunBy: now))
    return openNextDue()
  }

  /// The first entry that is due, without taking it; nil when none is.
  public mutating func firstDue() -> Due? { openNextDue() ? entries.due(due.first) : nil }

  /// Takes the first entry that is due; nil when none is.
  public mutating func takeDue() -> Due? {
    guard openNextDue() else { return nil }
    let first = due.first
    entries.unlink(first, from: &due)
    return entries.remove(first)
  }

  /// When to advance next, nil when there is no entry; not after the present when something is due.
  ///
  /// Exact for entries within the next 64 ticks at most; for later ones a moment before they are due, at which `advance` brings
  /// them nearer: at most ten such stops on the way to an entry.
  public var nextMoment: Int64? {
    if !due.isEmpty { return entries.due(due.first).moment }
    return nextSlot().map { ticks.beginning(ofTick: $0.beginning) }
  }

  /// Gives the memory back that holds no entry. What `cancel` and `takeDue` do by themselves leaves up to an eighth.
  public mutating func trim() { entries.trim() }

  /// Bytes of memory for entries.
  public var byteCountMapped: Int { entries.byteCountMapped }
}
