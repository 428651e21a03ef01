/// Where a binding leads, as routing needs it.
enum RoutingDestination: Sendable, Equatable {
  case queue(MessageQueue)
  /// By name: an exchange is a value that changes.
  case exchange(String)

  static func == (left: RoutingDestination, right: RoutingDestination) -> Bool {
    switch (left, right) {
    case (.queue(let left), .queue(let right)): left === right
    case (.exchange(let left), .exchange(let right)): left == right
    case (.queue, .exchange), (.exchange, .queue): false
    }
  }
}

/// The destinations of bindings that match the same messages, each once, with how many bindings lead to it.
struct DestinationList: Sendable {
  private struct Entry {
    let destination: RoutingDestination
    var bindingCount: Int
  }

  private var entries: [Entry] = []

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// Adds a binding. O(destinations).
  mutating func insert(_ destination: RoutingDestination) {
    if let known = entries.firstIndex(where: { $0.destination == destination }) {
      entries[known].bindingCount += 1
    } else {
      entries.append(Entry(destination: destination, bindingCount: 1))
    }
  }

  /// Takes away a binding that was added. O(destinations).
  mutating func remove(_ destination: RoutingDestination) {
    guard let known = entries.firstIndex(where: { $0.destination == destination }) else {
      preconditionFailure("a binding was removed that its exchange does not have")
    }
    entries[known].bindingCount -= 1
    if entries[known].bindingCount == 0 { entries.remove(at: known) }
  }

  func add(to matches: inout RouteMatches) {
    for entry in entries {
      switch entry.destination {
      case .queue(let queue): matches.queues.append(queue)
      case .exchange(let name): matches.exchanges.append(name)
      }
    }
  }
}

/// What one exchange's bindings say about a message. A destination may occur several times.
struct RouteMatches {
  var queues: [MessageQueue] = []
  var exchanges: [String] = []

  var count: Int { queues.count + exchanges.count }
}
