import MessageBroker

/// An exchange of the reference broker.
struct ReferenceExchange: Equatable {
  let name: String
  let type: ExchangeType
  var isInternal = false
  var isAutoDelete = false
  var alternate: String?
}

/// A binding of the reference broker, to a queue or to another exchange.
struct ReferenceBinding: Equatable {
  enum Destination: Equatable {
    case queue(String), exchange(String)
  }

  let source: String
  let destination: Destination
  let key: String
  var arguments: [String: String] = [:]

  /// Whether an exchange of `type` sends a message this way.
  func matches(type: ExchangeType, key: String, headers: [String: String]) -> Bool {
    switch type {
    case .direct: self.key == key
    case .fanout: true
    case .topic: Self.topic(Self.words(self.key), matches: Self.words(key))
    case .headers: matchesHeaders(headers)
    }
  }

  /// The words between dots; the empty key has none.
  private static func words(_ key: String) -> ArraySlice<Substring> {
    key.isEmpty ? [] : key.split(separator: ".", omittingEmptySubsequences: false)[...]
  }

  /// `*` stands for one word, `#` for any number.
  private static func topic(_ pattern: ArraySlice<Substring>, matches words: ArraySlice<Substring>) -> Bool {
    guard let first = pattern.first else { return words.isEmpty }
    if first == "#" {
      return (0...words.count).contains { topic(pattern.dropFirst(), matches: words.dropFirst($0)) }
    }
    guard let word = words.first, first == "*" || first == word else { return false }
    return topic(pattern.dropFirst(), matches: words.dropFirst())
  }

  /// `x-match` is all unless it says otherwise; arguments that begin with `x-` only count with `-with-x`. Of no arguments all match and
  /// not any does, as in RabbitMQ.
  private func matchesHeaders(_ headers: [String: String]) -> Bool {
    let match = arguments["x-match"] ?? "all"
    let wanted = arguments.filter { $0.key != "x-match" && (match.hasSuffix("-with-x") || !$0.key.hasPrefix("x-")) }
    return match.hasPrefix("any")
      ? wanted.contains { headers[$0.key] == $0.value } : wanted.allSatisfy { headers[$0.key] == $0.value }
  }
}
