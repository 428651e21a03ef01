/// A queue's argument of the protocol, and the key of the scenario file that says the same.
struct QueueArgument {
  let name: String
  /// One key, or the key of a map and one in it.
  let path: [String]
  /// The value as the scenario file spells it.
  let spelling: @Sendable (String) -> String

  private init(_ name: String, _ path: [String], spelling: @escaping @Sendable (String) -> String = { $0 }) {
    self.name = name
    self.path = path
    self.spelling = spelling
  }

  static let all: [QueueArgument] = [
    .init("x-max-length", ["max_length"]),
    .init("x-max-length-bytes", ["max_bytes"]) { Int64($0) == nil ? $0 : "\($0)B" },
    .init("x-overflow", ["overflow"]) { $0.replacing("-", with: "_") },
    .init("x-queue-order", ["order"]), .init("x-dispatch", ["dispatch"]),
    .init("x-message-ttl", ["message_ttl"]) { Int64($0) == nil ? $0 : "\($0)ms" },
    .init("x-expires", ["expires"]) { Int64($0) == nil ? $0 : "\($0)ms" },
    .init("x-dead-letter-exchange", ["dead_letter", "exchange"]),
    .init("x-dead-letter-routing-key", ["dead_letter", "key"]), .init("x-delivery-limit", ["delivery_limit"]),
    .init("x-max-priority", ["priorities"]), .init("x-single-active-consumer", ["single_active"]),
    .init("x-unacknowledged-limit", ["unacknowledged_limit"]),
  ]

  /// What a value of the key may be.
  var kind: ValueKind? {
    var key = KeyTable.queue.key(path[0])
    for name in path.dropFirst() { key = key?.kind.objectKeys.key(name) }
    return key?.kind
  }
}

extension ScenarioBuilder {
  /// A queue's map with its `arguments` replaced by the keys that say the same.
  mutating func withoutArguments(_ queue: SourceNode) -> SourceNode {
    guard case .map(let entries) = queue.kind, case .map(let arguments)? = queue["arguments"]?.kind else {
      return queue
    }
    var rest = entries.filter { $0.key != "arguments" }
    for entry in arguments {
      guard let argument = QueueArgument.all.first(where: { $0.name == entry.key }), let kind = argument.kind else {
        let names = QueueArgument.all.map(\.name)
        report(
          .unknownKey, "a queue has no argument `\(entry.key)`", at: entry.keyPosition,
          Spelling.suggestion(for: entry.key, among: names) ?? "it has \(names.joined(separator: ", "))")
        continue
      }
      guard let text = entry.value.scalar.map(argument.spelling) else { continue }
      let value = SourceNode(kind: .scalar(text), position: entry.value.position)
      var checker = KeyChecker()
      checker.check(value, is: kind, at: .init(name: entry.key, support: "", isRefused: false))
      problems += checker.problems
      add(value, at: argument.path, named: entry, to: &rest)
    }
    return SourceNode(kind: .map(rest), position: queue.position)
  }

  private mutating func add(
    _ value: SourceNode, at path: [String], named entry: SourceNode.Entry, to entries: inout [SourceNode.Entry]
  ) {
    let index = entries.firstIndex { $0.key == path[0] }
    guard path.count > 1 else {
      if index != nil {
        report(
          .conflict, "`\(entry.key)` is `\(path[0])`, which is given too", at: entry.keyPosition, "keep one of them")
      } else {
        entries.append(.init(key: path[0], keyPosition: entry.keyPosition, value: value))
      }
      return
    }
    var inner = index.map { entries[$0].value.entries } ?? []
    add(value, at: Array(path.dropFirst()), named: entry, to: &inner)
    let map = SourceNode.Entry(
      key: path[0], keyPosition: entry.keyPosition,
      value: SourceNode(kind: .map(inner), position: index.map { entries[$0].value.position } ?? value.position))
    if let index { entries[index] = map } else { entries.append(map) }
  }
}
