/// A value that can be written and read in every format, without a detour through names as strings, boxes or existentials.
///
///     struct Point: SerializableValue {
///       var x: Double, y: Double
///       static let fields: FieldNames = ["x", "y"]
///
///       func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
///         writer.beginRecord(fieldCount: Self.fields.count)
///         writer.field("x", x)
///         writer.field("y", y)
///         writer.endRecord()
///       }
///
///       init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
///         var (x, y) = (0.0, 0.0)
///         var cursor = try reader.beginRecord(Self.fields)
///         while let field = try reader.nextField(&cursor, of: Self.fields) {
///           switch field {
///           case 0: x = try reader.float()
///           default: y = try reader.float()
///           }
///         }
///         (self.x, self.y) = (x, y)
///       }
///     }
///
/// In a library mark both `@inlinable`, else calls from other modules are not specialised (FieldNames then `@usableFromInline`).
public protocol SerializableValue {
  /// Writes exactly one value.
  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer)

  /// Reads exactly one value.
  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError)
}
