internal import Foundation
internal import SwiftProtobuf

/// Documents of Protocol Buffers: one message `Value` of value.proto, which describes itself.
///
/// Maps have keys that are text. There is no number below `Int64.min`, and nothing with a tag or type of its own.
enum ProtobufDocument {
  /// Appends the document of a value.
  static func append(_ value: SerializedValue, to bytes: inout ByteWriter) throws(SerializationError) {
    let message = try message(of: value)
    do {
      let encoded: [UInt8] = try message.serializedBytes()
      bytes.append(encoded)
    } catch {
      throw SerializationError(.malformed, at: 0, underlying: error)
    }
  }

  /// Reads the value of a document.
  static func read(_ bytes: BorrowedBytes, limits: DecodingLimits) throws(SerializationError) -> SerializedValue {
    var census = ProtobufCensus(limits: limits)
    try census.count(bytes)
    var options = BinaryDecodingOptions()
    // A value in a map is four messages deep: value, map, entry, value. The census has counted already.
    options.messageDepthLimit = 3 * min(limits.depth, 1 << 20) + 3
    options.discardUnknownFields = true
    let message: Ringside_Value
    do {
      message = try Ringside_Value(serializedBytes: bytes.copied(), options: options)
    } catch {
      throw SerializationError(.malformed, at: 0, underlying: error)
    }
    return try value(of: message)
  }

  private static func message(of value: SerializedValue) throws(SerializationError) -> Ringside_Value {
    var message = Ringside_Value()
    switch value {
    case .null: message.null = .value
    case .bool(let value): message.bool = value
    case .integer(let value): message.integer = value
    case .unsigned(let value): message.unsigned = value
    case .float(let value): message.float = value
    case .string(let value): message.text = value
    case .bytes(let value): message.bytes = .init(value)
    case .array(let elements):
      var array = Ringside_Array()
      array.items.reserveCapacity(elements.count)
      for element in elements { array.items.append(try Self.message(of: element)) }
      message.array = array
    case .map(let entries): message.map = try map(of: entries)
    case .negative, .tagged, .extended, .simple: throw .unsupported(value.description, in: .protobuf)
    }
    return message
  }

  private static func map(of entries: [SerializedValue.Entry]) throws(SerializationError) -> Ringside_Map {
    var map = Ringside_Map()
    map.entries.reserveCapacity(entries.count)
    for entry in entries {
      guard case .string(let key) = entry.key else { throw .unsupported("a map key other than text", in: .protobuf) }
      var element = Ringside_Entry()
      element.key = key
      element.value = try message(of: entry.value)
      map.entries.append(element)
    }
    return map
  }

  private static func value(of message: Ringside_Value) throws(SerializationError) -> SerializedValue {
    switch message.kind {
    case .null?: return .null
    case .bool(let value)?: return .bool(value)
    case .integer(let value)?: return .integer(value)
    case .unsigned(let value)?: return Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
    case .float(let value)?: return .float(value)
    case .text(let value)?: return .string(value)
    case .bytes(let value)?: return .bytes([UInt8](value))
    case .array(let array)?:
      var elements: [SerializedValue] = []
      elements.reserveCapacity(array.items.count)
      for item in array.items { elements.append(try value(of: item)) }
      return .array(elements)
    case .map(let map)?:
      var entries: [SerializedValue.Entry] = []
      entries.reserveCapacity(map.entries.count)
      for entry in map.entries { entries.append(.init(key: .string(entry.key), value: try value(of: entry.value))) }
      return .map(entries)
    // A kind of a later version, or none at all.
    case nil: throw SerializationError(.malformed, at: 0)
    }
  }
}
