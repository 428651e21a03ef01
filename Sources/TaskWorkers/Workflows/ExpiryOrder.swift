/// Identifiers in the order in which they came, each with its moment: what is oldest leaves first. Amortised O(1).
struct ExpiryOrder: Sendable {
  private var entries: [(identifier: TaskIdentifier, moment: Int64)] = []
  private var head = 0

  /// How many there are, those included that are of no interest any more.
  var count: Int { entries.count - head }

  /// Adds one at the end; moments do not decrease.
  mutating func append(_ identifier: TaskIdentifier, at moment: Int64) { entries.append((identifier, moment)) }

  /// The oldest, if it came at `bound` or before.
  mutating func popFirst(through bound: Int64) -> TaskIdentifier? {
    guard head < entries.count, entries[head].moment <= bound else { return nil }
    defer {
      head += 1
      // The spent half goes once it is the larger one, so that each entry is moved once on average.
      if head > 64, head * 2 > entries.count {
        entries.removeFirst(head)
        head = 0
      }
    }
    return entries[head].identifier
  }

  /// Forgets those that `isWanted` does not name. O(count).
  mutating func keep(_ isWanted: (TaskIdentifier) -> Bool) {
    entries = entries[head...].filter { isWanted($0.identifier) }
    head = 0
  }
}
