/// A dictionary for large tables of which old copies are kept while it changes: a change copies one of its parts, not all.
///
/// Every session holds the routing as it was when it last looked, so the next declaration finds all tables shared. One
/// `Dictionary` of 10,000 queues would then be copied whole for each declaration; this one copies a list of at most 256
/// references and one part.
///
/// Cost of a change of a shared one: O(parts + n / parts). Small tables are one part, and hashing is then done once.
struct ShardedDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// A power of two.
  private var parts: [[Key: Value]] = [[:]]
  private(set) var count = 0

  /// Entries per part at which there are to be more parts.
  private static var partCountLimit: Int { 256 }
  private static var fillLimit: Int { 64 }

  var isEmpty: Bool { count == 0 }

  subscript(key: Key) -> Value? { parts[part(of: key)][key] }

  var values: some Sequence<Value> { parts.lazy.flatMap(\.values) }

  /// Changes the value of `key` in place; nil stands for "not there" before and after.
  mutating func update<Result>(_ key: Key, _ body: (inout Value?) -> Result) -> Result {
    let part = part(of: key)
    let before = parts[part].count
    let result = body(&parts[part][key])
    count += parts[part].count - before
    if count > Self.fillLimit * parts.count, parts.count < Self.partCountLimit { split() }
    return result
  }

  /// Sets or (nil) removes a value.
  mutating func set(_ key: Key, to value: Value?) { update(key) { $0 = value } }

  private func part(of key: Key) -> Int { parts.count == 1 ? 0 : key.hashValue & (parts.count - 1) }

  private mutating func split() {
    var more = [[Key: Value]](repeating: [:], count: 4 * parts.count)
    for part in parts {
      for (key, value) in part { more[key.hashValue & (more.count - 1)][key] = value }
    }
    parts = more
  }
}
