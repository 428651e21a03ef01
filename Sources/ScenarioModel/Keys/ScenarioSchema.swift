/// The JSON Schema of scenario files, for editors and CI.
public enum ScenarioSchema {
  /// The schema (draft 2020-12), generated from the key table. It covers the whole format; what this version does not
  /// implement is described as "not supported yet". It knows shapes, words and units; combinations are beyond it.
  public static var json: String {
    var members = object(KeyTable.root, support: "")
    members["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    members["title"] = .string("ringside scenario")
    members["$defs"] = .object(definitions)
    return JSONValue.object(members).prettyText() + "\n"
  }

  /// Quantities, each also as a text that uses variables.
  private static let definitions: [String: JSONValue] = [
    "duration": quantity(#"^[0-9]+(\.[0-9]+)? *(ns|us|µs|μs|ms|s|m|h)$|^0$"#, "A duration: 250ms"),
    "size": quantity(#"^[0-9]+(\.[0-9]+)? *([KMG]i?B|kB|B)$|^0$"#, "A size: 128B, 4KiB"),
    "rate": quantity(#"^[0-9]+(\.[0-9]+)? *[kKMG]? */ *[smh]$"#, "A rate: 50k/s"),
    "ramp": quantity(
      #"^[0-9]+(\.[0-9]+)? *[kKMG]? */ *[smh] *\.\. *[0-9]+(\.[0-9]+)? *[kKMG]? */ *[smh]$"#,
      "A ramp: 10k/s..60k/s"),
    "share": quantity(#"^[0-9]+(\.[0-9]+)?%$|^0$"#, "A share: 5%"),
    "count": .object([
      "description": .string("A count: 1000, 10M"),
      "anyOf": .array([
        .object(["type": .string("integer"), "minimum": .literal("0")]),
        text(#"^[0-9]+(\.[0-9]+)?[kKMG]?$"#), text(variable),
      ]),
    ]),
    "number": .object([
      "anyOf": .array([
        .object(["type": .string("number"), "exclusiveMinimum": .literal("0")]), text(#"^[0-9]+(\.[0-9]+)?$"#),
        text(variable),
      ])
    ]),
    "boolean": .object([
      "anyOf": .array([
        .object(["type": .string("boolean")]), .object(["enum": .array([.string("true"), .string("false")])]),
        text(variable),
      ])
    ]),
    "comparison": .object([
      "description": .string("A comparison: latency.p99 < 1ms, throughput >= 0.99 * offered"),
      "anyOf": .array([text("<|>|=="), text(variable)]),
    ]),
    "text": .object(["type": .array(["string", "number", "boolean"].map(JSONValue.string))]),
    "slug": .object([
      "anyOf": .array([
        text("^[A-Za-z0-9_][A-Za-z0-9._-]*$"), .object(["type": .string("number")]), text(variable),
      ])
    ]),
  ]

  private static let variable = #"\$\{"#

  private static func text(_ pattern: String) -> JSONValue {
    .object(["type": .string("string"), "pattern": .string(pattern)])
  }

  private static func quantity(_ pattern: String, _ description: String) -> JSONValue {
    .object([
      "description": .string(description),
      "anyOf": .array([text(pattern), text(variable), .object(["const": .literal("0")])]),
    ])
  }

  private static func object(_ keys: [ScenarioKey], support: String) -> [String: JSONValue] {
    var properties: [String: JSONValue] = [:]
    for key in keys {
      let path =
        if let family = key.family { "\(family).\(key.name)" } else {
          support.isEmpty ? key.name : "\(support).\(key.name)"
        }
      // Null stands for a key that is left out, and drops one that `extends` brought.
      let null = JSONValue.object(["type": .string("null")])
      var members: [String: JSONValue] = ["anyOf": .array([schema(of: key.kind, support: path), null])]
      members["description"] = .string(
        key.documentation + (Support.unsupportedKeys.contains(path) ? " (not supported yet)" : ""))
      if let text = key.defaultText { members["default"] = defaultValue(text, of: key.kind) }
      properties[key.name] = .object(members)
    }
    return [
      "type": .string("object"), "additionalProperties": .literal("false"), "properties": .object(properties),
    ]
  }

  private static func defaultValue(_ text: String, of kind: ValueKind) -> JSONValue {
    switch kind {
    case .list: .array(text.split(separator: ", ").map { .string(String($0)) })
    case .count, .number, .boolean: .literal(text)
    default: .string(text)
    }
  }

  private static func schema(of kind: ValueKind, support: String) -> JSONValue {
    switch kind {
    case .text, .metric: reference("text")
    case .expression: reference("comparison")
    case .slug: reference("slug")
    case .choice(let words): choice(words)
    case .call(let word): text("^\(word)\\([0-9]+\\)$")
    case .boolean: reference("boolean")
    case .count: reference("count")
    case .number: reference("number")
    case .share: reference("share")
    case .duration: reference("duration")
    case .rate(let mayRamp):
      mayRamp ? .object(["anyOf": .array([reference("rate"), reference("ramp")])]) : reference("rate")
    case .size: reference("size")
    case .anything: .object([:])
    case .axes: .object(["type": .string("object")])
    case .object(let keys): .object(object(keys, support: support))
    case .map(let kind):
      .object(["type": .string("object"), "additionalProperties": schema(of: kind, support: "\(support).*")])
    case .list(let kind): .object(["type": .string("array"), "items": schema(of: kind, support: "\(support).*")])
    case .namedList(let kind):
      .object([
        "type": .string("array"),
        "items": .object([
          "type": .string("object"), "minProperties": .literal("1"), "maxProperties": .literal("1"),
          "additionalProperties": schema(of: kind, support: "\(support).*"),
        ]),
      ])
    case .either(let kinds): .object(["anyOf": .array(kinds.map { schema(of: $0, support: support) })])
    }
  }

  /// Words, also as the number that an editor takes a word like `1` for.
  private static func choice(_ words: [String]) -> JSONValue {
    let values = words.map(JSONValue.string) + words.filter { Int($0) != nil }.map(JSONValue.literal)
    return .object(["anyOf": .array([.object(["enum": .array(values)]), text(variable)])])
  }

  private static func reference(_ name: String) -> JSONValue { .object(["$ref": .string("#/$defs/\(name)")]) }
}
