/// The tasks that were called off by name, until they come or enough time has passed.
///
/// A value without a clock. Bounded as in the field: it holds so many, and each for so long; the oldest makes room.
public struct RevocationList: Sendable {
  /// How many are held.
  public let capacity: Int
  /// How long each is held, in nanoseconds.
  public let lifetimeNanoseconds: Int64
  /// Revocations that were forgotten because there were too many.
  public private(set) var forgottenCount = 0

  private var moments: [TaskIdentifier: Int64] = [:]
  /// In the order of their coming; the first `head` are gone.
  private var order: [(identifier: TaskIdentifier, moment: Int64)] = []
  private var head = 0

  /// A list; by default for 50,000 tasks and three hours, as in the field.
  public init(capacity: Int = 50_000, lifetime: Duration = .seconds(10_800)) {
    precondition(capacity > 0, "room for a revocation")
    self.capacity = capacity
    lifetimeNanoseconds = lifetime.wholeNanoseconds
  }

  /// Whether nothing is revoked: costs no look-up.
  public var isEmpty: Bool { moments.isEmpty }
  /// How many are.
  public var count: Int { moments.count }
  /// All that are revoked.
  public var identifiers: [TaskIdentifier] { Array(moments.keys) }

  /// Calls a task off.
  public mutating func insert(_ identifier: TaskIdentifier, now: Int64) {
    expire(now: now)
    if moments[identifier] == nil, moments.count >= capacity {
      removeOldest()
      forgottenCount += 1
    }
    moments[identifier] = now
    order.append((identifier, now))
    if head > 1024, head * 2 > order.count {
      order.removeFirst(head)
      head = 0
    }
  }

  /// Whether a task was called off, not too long ago.
  public func contains(_ identifier: TaskIdentifier, now: Int64) -> Bool {
    guard let moment = moments[identifier] else { return false }
    return now < moment.advanced(upTo: lifetimeNanoseconds)
  }

  private mutating func expire(now: Int64) {
    while head < order.count, now >= order[head].moment.advanced(upTo: lifetimeNanoseconds) { removeFirst() }
  }

  private mutating func removeOldest() {
    let before = moments.count
    while moments.count == before, head < order.count { removeFirst() }
  }

  /// A task that was called off again since has a later place.
  private mutating func removeFirst() {
    let first = order[head]
    if moments[first.identifier] == first.moment { moments[first.identifier] = nil }
    head += 1
  }
}
