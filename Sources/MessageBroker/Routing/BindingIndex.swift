/// All bindings, by where they come from and where they lead: what lists, `if_unused`, deletions and limits ask for.
///
/// Beside the exchanges' own tables, which are made for routing and know no binding as such.
struct BindingIndex: Sendable {
  private var bySource: [String: Set<BindingDescription>] = [:]
  private var byDestination: [BindingDestination: Set<BindingDescription>] = [:]
  private(set) var count = 0

  var all: some Sequence<BindingDescription> { bySource.values.lazy.joined() }

  func contains(_ binding: BindingDescription) -> Bool { bySource[binding.exchange]?.contains(binding) == true }

  func count(from exchange: String) -> Int { bySource[exchange]?.count ?? 0 }

  func from(_ exchange: String) -> Set<BindingDescription> { bySource[exchange] ?? [] }

  func to(_ destination: BindingDestination) -> Set<BindingDescription> { byDestination[destination] ?? [] }

  /// Adds a binding that is not there yet.
  mutating func insert(_ binding: BindingDescription) {
    bySource[binding.exchange, default: []].insert(binding)
    byDestination[binding.destination, default: []].insert(binding)
    count += 1
  }

  /// Removes a binding that is there.
  mutating func remove(_ binding: BindingDescription) {
    bySource[binding.exchange]?.remove(binding)
    if bySource[binding.exchange]?.isEmpty == true { bySource[binding.exchange] = nil }
    byDestination[binding.destination]?.remove(binding)
    if byDestination[binding.destination]?.isEmpty == true { byDestination[binding.destination] = nil }
    count -= 1
  }
}
