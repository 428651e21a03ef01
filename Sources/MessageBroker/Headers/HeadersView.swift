/// The headers of a delivery, read when they are asked for.
///
/// Valid as long as the delivery's body: until it is acknowledged (automatic acknowledgement: until the session polls again).
@safe @frozen
public struct HeadersView: Sendable {
  @usableFromInline let encoded: BodyView

  @inlinable @inline(__always)
  init(encoded: BodyView) { self.encoded = encoded }

  /// Whether there are none.
  @inlinable
  public var isEmpty: Bool { encoded.count == 0 }

  /// The value of a header, or nil. O(bytes of headers); allocates only what the value needs.
  public subscript(name: String) -> FieldValue? {
    var reader = unsafe FieldReader(encoded.bytes)
    return reader.find(name)
  }

  /// A copy of all headers, for those who need them longer.
  public func copied() -> FieldTable {
    var reader = unsafe FieldReader(encoded.bytes)
    return reader.readTable()
  }
}
