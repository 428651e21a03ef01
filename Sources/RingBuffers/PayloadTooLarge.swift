/// A body that no block of a `PayloadPool` can hold.
@frozen
public struct PayloadTooLarge: Error, Equatable, CustomStringConvertible {
  /// How many bytes were asked for.
  public let byteCount: Int

  @usableFromInline init(byteCount: Int) { self.byteCount = byteCount }

  /// One sentence with the limit.
  public var description: String {
    "a body of \(byteCount) bytes is larger than the largest block, \(PayloadPool.largestByteCount) bytes"
  }
}
