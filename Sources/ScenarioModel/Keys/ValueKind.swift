/// What may stand behind a key. One value of this type drives the check, the JSON Schema and the reference.
indirect enum ValueKind: Sendable {
  /// Any text.
  case text
  /// Letters, digits, `.`, `_` and `-`: what may become part of a file name or a tag.
  case slug
  /// One of these words.
  case choice([String])
  /// This word with a count in parentheses.
  case call(String)
  case boolean
  case count(ClosedRange<Int64>)
  /// A plain decimal number above zero.
  case number
  case share
  case duration(ClosedRange<Int64>)
  case rate(mayRamp: Bool)
  case size(ClosedRange<Int64>)
  /// A metric such as `latency.p99`.
  case metric
  /// A comparison such as `latency.p99 < 1ms`.
  case expression
  /// Not looked into.
  case anything
  /// The axes of a matrix and their values.
  case axes
  /// A map with these keys.
  case object([ScenarioKey])
  /// A map from free names to values of one kind.
  case map(of: ValueKind)
  case list(of: ValueKind)
  /// A list of maps with one key each, the item's name.
  case namedList(of: ValueKind)
  /// A value of one of these kinds; at most one of them is a map, and one a list.
  case either([ValueKind])
}

/// One key of the scenario file: the single source for its check, its default and its documentation.
struct ScenarioKey: Sendable {
  let name: String
  let kind: ValueKind
  /// The value it has when it is left out, as one would write it; nil when there is none.
  let defaultText: String?
  /// A sentence without a full stop.
  let documentation: String
  /// The family of keys it is supported with, where that is not its path: one entry of `Support` then covers
  /// `workload.payload` and `workload.producers.<name>.payload`.
  let family: String?

  init(
    _ name: String, _ kind: ValueKind, default defaultText: String? = nil, family: String? = nil,
    _ documentation: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultText = defaultText
    self.documentation = documentation
    self.family = family
  }

  /// The same key in a family.
  func of(_ family: String) -> ScenarioKey {
    ScenarioKey(name, kind, default: defaultText, family: family, documentation)
  }

  /// The same key without a default, for a place whose value only stands in for others.
  func withoutDefault() -> ScenarioKey { ScenarioKey(name, kind, family: family, documentation) }
}

extension [ScenarioKey] {
  /// The key with this name.
  func key(_ name: String) -> ScenarioKey? { first { $0.name == name } }
}
