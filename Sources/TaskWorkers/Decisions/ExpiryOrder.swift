/// Identifiers in the order in which they came, each with its moment: what is oldest leaves first. Amortised O(1).
struct ExpiryOrder: Sendable {
  typealias Entry = (identifier: TaskIdentifier, moment: Int64)

  private var all: [Entry] = []
  private var head = 0

  /// How many there are, those included that are of no interest any more.
  var count: Int { all.count - head }

  /// All of them, the oldest first.
  var entries: ArraySlice<Entry> { all[head...] }

  /// The oldest.
  var first: Entry? { head < all.count ? all[head] : nil }

  /// Adds one at the end; moments do not decrease.
  mutating func append(_ identifier: TaskIdentifier, at moment: Int64) { all.append((identifier, moment)) }

  /// Takes the oldest out.
  mutating func popFirst() -> Entry? {
    guard let first else { return nil }
    head += 1
    // The spent half goes once it is the larger one, so that each entry is moved once on average.
    if head > 64, head * 2 > all.count {
      all.removeFirst(head)
      head = 0
    }
    return first
  }

  /// The oldest, if it came at `bound` or before.
  mutating func popFirst(through bound: Int64) -> TaskIdentifier? {
    guard let first, first.moment <= bound else { return nil }
    return popFirst()?.identifier
  }

  /// Forgets those that `isWanted` does not name. O(count).
  mutating func keep(_ isWanted: (TaskIdentifier, Int64) -> Bool) {
    all = all[head...].filter { isWanted($0.identifier, $0.moment) }
    head = 0
  }
}
