/// Identifiers that leave after their lifetimes: an `ExpiryOrder` for each lifetime, of which there are few.
/// Cost: amortised O(lifetimes).
struct LifetimeOrders: Sendable {
  private var orders: [Int64: ExpiryOrder] = [:]

  /// How many there are, those included that are of no interest any more.
  var count: Int { orders.values.reduce(0) { $0 + $1.count } }

  /// Adds one that leaves `lifetime` after `moment`; moments do not decrease.
  mutating func append(_ identifier: TaskIdentifier, lifetime: Int64, at moment: Int64) {
    orders[lifetime, default: ExpiryOrder()].append(identifier, at: moment)
  }

  /// Takes out one whose lifetime is over.
  mutating func popFirst(overBy now: Int64) -> TaskIdentifier? {
    var place = orders.startIndex
    // Not over `orders.indices`, which would be a second owner, and make each change copy.
    while place != orders.endIndex {
      let lifetime = orders[place].key
      if let first = orders.values[place].popFirst(through: now - lifetime) { return first }
      orders.formIndex(after: &place)
    }
    return nil
  }

  /// Forgets those that `isWanted` does not name. O(count).
  mutating func keep(_ isWanted: (TaskIdentifier) -> Bool) {
    orders = orders.mapValues { order in
      var order = order
      order.keep { identifier, _ in isWanted(identifier) }
      return order
    }
    .filter { $0.value.count > 0 }
  }
}
