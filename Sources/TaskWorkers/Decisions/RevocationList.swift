/// The tasks that were called off by name, for a while.
///
/// A value without a clock. Bounded as in the field: it holds so many, and each for so long; the oldest makes room. A task that is called
/// off again counts from then on, in its one place.
/// Cost: amortised O(1) each, but for `identifiers`.
public struct RevocationList: Sendable {
  /// How many are held.
  public let capacity: Int
  /// How long each is held, in nanoseconds.
  public let lifetimeNanoseconds: Int64
  /// Revocations that were forgotten because there were too many.
  public private(set) var forgottenCount = 0

  private var moments: [TaskIdentifier: Int64] = [:]
  /// In the order of their coming, with the former places of those that were called off again.
  private var order = ExpiryOrder()

  /// A list; by default for 50,000 tasks and three hours, as in the field.
  public init(capacity: Int = 50_000, lifetime: Duration = .seconds(10_800)) {
    precondition(capacity > 0, "room for a revocation")
    self.capacity = capacity
    lifetimeNanoseconds = lifetime.wholeNanoseconds
  }

  /// Whether nothing is revoked: costs no look-up.
  public var isEmpty: Bool { moments.isEmpty }
  /// How many are, as of the last call with a time.
  public var count: Int { moments.count }
  /// All that are revoked, as of the last call with a time, the oldest first. O(count).
  public var identifiers: [TaskIdentifier] {
    order.entries.compactMap { moments[$0.identifier] == $0.moment ? $0.identifier : nil }
  }
  /// Places in memory.
  var placeCount: Int { order.count }

  /// Calls a task off.
  public mutating func insert(_ identifier: TaskIdentifier, now: Int64) {
    expire(now: now)
    let known = moments[identifier]
    guard known != now else { return }
    if known == nil, moments.count >= capacity {
      removeOldest()
      forgottenCount += 1
    }
    moments[identifier] = now
    order.append(identifier, at: now)
    if order.count > 2 * moments.count + 64 { order.keep { moments[$0] == $1 } }
  }

  /// Whether a task was called off, not too long ago. Forgets those that were.
  public mutating func contains(_ identifier: TaskIdentifier, now: Int64) -> Bool {
    expire(now: now)
    return moments[identifier] != nil
  }

  /// Forgets what was called off too long ago.
  public mutating func expire(now: Int64) {
    while let first = order.first, now >= first.moment.advanced(upTo: lifetimeNanoseconds) { removeFirst() }
  }

  private mutating func removeOldest() {
    let before = moments.count
    while moments.count == before, order.count > 0 { removeFirst() }
  }

  private mutating func removeFirst() {
    guard let first = order.popFirst() else { return }
    // One that was called off again has a later place.
    if moments[first.identifier] == first.moment { moments[first.identifier] = nil }
  }
}
