/// A value of the file before it has a type: text, a list or a map, and where it is written.
struct SourceNode: Equatable {
  enum Kind: Equatable {
    /// Text, whatever YAML would have guessed it to be.
    case scalar(String)
    /// An unquoted `~` or `null`: as if the key had been left out, and more: it removes an inherited one.
    case null
    /// Nothing behind the colon or dash; `beforeComment` when a `#` follows, which may have been meant as a value.
    case missing(beforeComment: Bool)
    case list([SourceNode])
    case map([Entry])
  }

  /// A key of a map and its value.
  struct Entry: Equatable {
    var key: String
    var keyPosition: SourcePosition
    var value: SourceNode
  }

  var kind: Kind
  var position: SourcePosition
  /// How the characters of a scalar lie in the file; nil when they are not written as they are read, and for all else.
  var layout: ScalarLayout?

  init(kind: Kind, position: SourcePosition, layout: ScalarLayout? = nil) {
    self.kind = kind
    self.position = position
    self.layout = layout
  }

  /// Where the Unicode scalar with that offset is written, as exactly as that can be said.
  func position(at offset: Int) -> SourcePosition {
    guard let layout else { return position }
    var place = position
    place.column += layout.sourceOffset(of: offset)
    return place
  }

  /// The text of a scalar.
  var scalar: String? {
    if case .scalar(let text) = kind { text } else { nil }
  }

  /// The entries of a map; empty for anything else.
  var entries: [Entry] {
    if case .map(let entries) = kind { entries } else { [] }
  }

  /// The items of a list; empty for anything else.
  var items: [SourceNode] {
    if case .list(let items) = kind { items } else { [] }
  }

  /// The entry of a map with this key.
  func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }

  /// The value of a map at this key.
  subscript(_ key: String) -> SourceNode? { entry(key)?.value }

  /// What it is, for an error message.
  var shape: String {
    switch kind {
    case .scalar: "a single value"
    case .null, .missing: "no value"
    case .list: "a list"
    case .map: "a map"
    }
  }
}
