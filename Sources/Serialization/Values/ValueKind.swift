/// What a value is, in the terms that all formats share. The numbers are those of the raw format.
@frozen
public enum ValueKind: UInt8, Sendable, CaseIterable {
  /// Nothing.
  case null = 0
  /// True or false.
  case bool = 1
  /// A whole number that fits `Int64`.
  case integer = 2
  /// A whole number above `Int64.max` that fits `UInt64`.
  case unsigned = 3
  /// A whole number below `Int64.min` that is -1 minus a `UInt64`; only CBOR has it.
  case negative = 4
  /// A binary floating-point number.
  case float = 5
  /// Unicode text.
  case string = 6
  /// Bytes; JSON and YAML write them as text in base64, and read that as a string.
  case bytes = 7
  /// Values in order.
  case array = 8
  /// Pairs of a key and a value.
  case map = 9
  /// A value with a number that says what it means; CBOR's.
  case tagged = 10
  /// Bytes with a number that says what they mean; MessagePack's.
  case extended = 11
  /// One of 256 values without a content, such as CBOR's undefined (23).
  case simple = 12
}
