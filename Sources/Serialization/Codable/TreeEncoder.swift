internal import Foundation

/// Makes a `SerializedValue` of any `Encodable` value: the half of the bridge that writes.
///
/// A tree, because Codable's containers stay open side by side and do not say how many values they will get, while the formats
/// want one value after the other and counts beforehand. One thread uses it, for one value.
final class TreeEncoder: Encoder {
  /// A value, or who is still making it.
  enum Part {
    case value(SerializedValue)
    case encoder(TreeEncoder)
  }

  private enum Content {
    case nothing
    case single(SerializedValue)
    case array([Part])
    case map([(key: String, part: Part)], places: [String: Int])
  }

  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  private var content = Content.nothing

  init(codingPath: [any CodingKey]) { self.codingPath = codingPath }

  /// The tree of a value. Foundation's types that other formats have as one value are that: `Data` bytes, a `URL` text.
  static func tree<Value: Encodable>(of value: Value, codingPath: [any CodingKey] = []) throws -> SerializedValue {
    if let data = value as? Data { return .bytes([UInt8](data)) }
    if let url = value as? URL { return .string(url.absoluteString) }
    if let decimal = value as? Decimal { return .string(decimal.description) }
    let encoder = TreeEncoder(codingPath: codingPath)
    try value.encode(to: encoder)
    guard let tree = encoder.finished() else {
      throw EncodingError.invalidValue(value, .init(codingPath: codingPath, debugDescription: "it encoded nothing"))
    }
    return tree
  }

  /// What was encoded, or nil when that is nothing.
  private func finished() -> SerializedValue? {
    switch content {
    case .nothing: nil
    case .single(let value): value
    case .array(let parts): .array(parts.map(Self.finished))
    case .map(let parts, _): .map(parts.map { .init(key: .string($0.key), value: Self.finished($0.part)) })
    }
  }

  private static func finished(_ part: Part) -> SerializedValue {
    switch part {
    case .value(let value): value
    // Foundation's encoders make an empty map of a super encoder that nobody used.
    case .encoder(let encoder): encoder.finished() ?? .map([])
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .map = content {} else { content = .map([], places: [:]) }
    return KeyedEncodingContainer(TreeKeyedEncoding<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .array = content {} else { content = .array([]) }
    return TreeUnkeyedEncoding(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { TreeSingleEncoding(encoder: self) }

  /// Sets the only value.
  func set(_ value: SerializedValue) { content = .single(value) }

  /// How many elements the array has.
  var count: Int { if case .array(let parts) = content { parts.count } else { 0 } }

  /// Adds an element to the array.
  func append(_ part: Part) {
    guard case .array(var parts) = content else { return content = .array([part]) }
    content = .nothing  // So that the array is not copied.
    parts.append(part)
    content = .array(parts)
  }

  /// Adds an entry to the map, or replaces that of the same key.
  func set(_ part: Part, forKey key: String) {
    guard case .map(var parts, var places) = content else { return content = .map([(key, part)], places: [key: 0]) }
    content = .nothing
    if let place = places[key] {
      parts[place].part = part
    } else {
      places[key] = parts.count
      parts.append((key, part))
    }
    content = .map(parts, places: places)
  }
}

/// A key made for an element of an array, or for the part of a superclass.
struct TreeKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  static let `super` = TreeKey(stringValue: "super")

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = "\(intValue)"
    self.intValue = intValue
  }
}
