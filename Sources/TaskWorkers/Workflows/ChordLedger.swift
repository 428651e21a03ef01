/// Who is still missing in each chord: counts the members that are through and says, exactly once, that the body's turn has come.
///
/// A value: it reads no clock, sends nothing and takes no lock. Whoever finishes members tells it, and acts on the answer.
///
/// Invariants
/// - `record` answers `.complete` or `.failed` at most once per chord, however often members are redelivered, retried or repeated.
/// - A chord that is over is remembered for `lifetime` (at most `closedLimit` of them), so that a member that comes again is known.
/// - A chord whose members stay away is given up after `lifetime`; `expire` names it.
/// - Open chords, which keep their bodies and the results of members, take up `byteCount` bytes at most: the one whose member brings more
///   fails.
public struct ChordLedger: Sendable {
  /// Limits of a ledger, each with its default.
  public struct Limits: Sendable, Equatable {
    /// Chords that may be open at a time; the next one fails at once.
    public var openCount = 65_536
    /// Bytes of the bodies and results that open chords wait with, `entryByteCount` more for each result: 256 MiB. The chord that would
    /// exceed it fails.
    public var byteCount = 256 << 20
    /// Chords that are remembered after their end.
    public var closedCount = 65_536
    /// How long an open chord waits for its members, and how long a closed one is remembered, in nanoseconds: a day.
    public var lifetimeNanoseconds: Int64 = 86_400_000_000_000

    /// The default limits.
    public init() {}
  }

  /// What follows from a member's end.
  public enum Step: Sendable, Equatable {
    /// Others are still missing.
    case waiting
    /// This member was counted before, or its chord is over.
    case repeated
    /// All are through: the body is to be sent with these results, in the order of the members.
    case complete([TaskInput.Part])
    /// A member has failed: the body will never run, and its waiter is to be told.
    case failed(ChordFailure)
  }

  /// Chords given up or refused so far.
  public private(set) var expiredCount = 0
  /// Chords that failed because too many were open.
  public private(set) var refusedCount = 0
  /// Chords that failed because open chords had too many bytes of bodies and results.
  public private(set) var overflowCount = 0
  /// Bytes of the bodies and results that open chords wait with, `entryByteCount` more for each result.
  public private(set) var byteCount = 0

  /// What a result counts for beside its bytes: about what its place in memory takes.
  public static let entryByteCount = 64

  private struct Open {
    /// By the members' places; what a message claims as the size costs nothing until members come.
    var results: [Int: TaskInput.Part] = [:]
    let size: Int
    /// Those of its body, and of its results with their entries.
    var byteCount = 0
  }

  private let limits: Limits
  private var open: [TaskIdentifier: Open] = [:]
  private var closed: Set<TaskIdentifier> = []
  /// The same as `closed` and `open`, oldest first: when each of them ends.
  private var closedOrder = ExpiryOrder()
  private var openOrder = ExpiryOrder()

  /// An empty ledger.
  public init(limits: Limits = Limits()) {
    precondition(limits.openCount > 0 && limits.closedCount > 0, "a ledger holds at least one chord")
    precondition(limits.byteCount > 0, "a ledger has room for a result")
    self.limits = limits
  }

  /// Entries in memory beside the open chords themselves.
  var rememberedCount: Int { closedOrder.count + openOrder.count }

  /// Chords with members missing.
  public var openCount: Int { open.count }

  /// A member has succeeded.
  /// - Parameters:
  ///   - chord: The group's id.
  ///   - index: The member's place in it, from 0.
  ///   - size: How many members there are.
  ///   - result: What the member returned.
  ///   - bodyByteCount: What the caller keeps of the chord until it is over: counted when the first member has succeeded and others are
  ///     missing.
  ///   - now: The present time in nanoseconds.
  public mutating func succeed(
    _ chord: TaskIdentifier, index: Int, of size: Int, result: TaskInput.Part,
    bodyByteCount: @autoclosure () -> Int = 0, now: Int64
  ) -> Step {
    guard !closed.contains(chord), index >= 0, index < size else { return .repeated }
    if open[chord] == nil {
      guard open.count < limits.openCount else {
        refusedCount += 1
        close(chord, now: now)
        return .failed(ChordFailure(reason: "more than \(limits.openCount) chords are open"))
      }
      open[chord] = Open(size: size)
      openOrder.append(chord, at: now)
      if openOrder.count > 2 * open.count + 64 { openOrder.keep { chord, _ in open[chord] != nil } }
    }
    return count(chord, index: index, result: result, bodyByteCount, now: now)
  }

  /// A member has failed for good: by an error, a revocation, a rejection or its expiry. One that succeeded before, and came again, does
  /// not fail any more: what it returned is part of the body's arguments.
  /// - Parameters:
  ///   - chord: The group's id.
  ///   - index: The member's place in it, from 0.
  ///   - member: The member's id, for the text.
  ///   - reason: What became of it.
  ///   - now: The present time in nanoseconds.
  public mutating func fail(
    _ chord: TaskIdentifier, index: Int, member: TaskIdentifier, reason: String, now: Int64
  ) -> Step {
    guard !closed.contains(chord), open[chord]?.results[index] == nil else { return .repeated }
    drop(chord)
    close(chord, now: now)
    return .failed(ChordFailure(reason: "dependency \(member) raised \(reason)"))
  }

  /// Gives up the chords that wait for too long, and forgets those that ended long ago. Returns the former.
  public mutating func expire(now: Int64) -> [TaskIdentifier] {
    let bound = now - limits.lifetimeNanoseconds
    while let old = closedOrder.popFirst(through: bound) { closed.remove(old) }
    var expired: [TaskIdentifier] = []
    while let old = openOrder.popFirst(through: bound) {
      // One that is over has left its entry behind.
      guard drop(old) else { continue }
      close(old, now: now)
      expired.append(old)
    }
    expiredCount += expired.count
    return expired
  }

  /// Forgets an open chord and its results; false when there is none.
  @discardableResult
  private mutating func drop(_ chord: TaskIdentifier) -> Bool {
    guard let entry = open.removeValue(forKey: chord) else { return false }
    byteCount -= entry.byteCount
    return true
  }

  private mutating func count(
    _ chord: TaskIdentifier, index: Int, result: TaskInput.Part, _ bodyByteCount: () -> Int, now: Int64
  ) -> Step {
    guard var entry = open.removeValue(forKey: chord) else { return .repeated }
    // A member that disagrees about the size is not of this chord as it was sent.
    guard index < entry.size, entry.results[index] == nil else {
      open[chord] = entry
      return .repeated
    }
    entry.results[index] = result
    guard entry.results.count == entry.size else {
      var byteCount = result.bytes.count + Self.entryByteCount
      if entry.results.count == 1 { byteCount += bodyByteCount() }
      return wait(entry, chord, for: byteCount, now: now)
    }
    // The last result does not wait, and takes the others along.
    byteCount -= entry.byteCount
    close(chord, now: now)
    return .complete((0..<entry.size).compactMap { entry.results[$0] })
  }

  /// Puts a chord back that takes up so many bytes more, if there is room for that.
  private mutating func wait(_ entry: Open, _ chord: TaskIdentifier, for added: Int, now: Int64) -> Step {
    guard byteCount + added <= limits.byteCount else {
      byteCount -= entry.byteCount
      overflowCount += 1
      close(chord, now: now)
      return .failed(
        ChordFailure(reason: "the bodies and results of open chords take up more than \(limits.byteCount) bytes"))
    }
    var entry = entry
    entry.byteCount += added
    byteCount += added
    open[chord] = entry
    return .waiting
  }

  private mutating func close(_ chord: TaskIdentifier, now: Int64) {
    if closed.count == limits.closedCount, let oldest = closedOrder.popFirst(through: .max) { closed.remove(oldest) }
    closed.insert(chord)
    closedOrder.append(chord, at: now)
  }
}

/// Why a chord's body does not run; what its waiter gets as an error named `ChordError`.
public struct ChordFailure: Sendable, Equatable {
  /// The name that the error travels under.
  public static let typeName = "ChordError"
  /// What happened, e.g. `dependency 6ba7… raised ValueError: bad`.
  public var reason: String

  /// A failure.
  public init(reason: String) { self.reason = reason }
}
