import Foundation

/// Values of this module, and what is made of them, as JSON and back: for files beside `result.json` and for passing a
/// trial between processes.
public enum ResultCoding {
  /// The JSON text: UTF-8 on one line, keys sorted.
  /// - Throws: `EncodingError` when a number is not finite, which is a bug of whoever computed it.
  public static func encode(_ value: some Encodable) throws -> [UInt8] { try JSONTextEncoder.encode(value) }

  /// The value that the text stands for.
  /// - Throws: `DecodingError` when it stands for none.
  public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}
