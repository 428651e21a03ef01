/// Moments that something else than a load says, such as when a beat's entries are due. Used by one thread at a time.
public protocol DueMoments: AnyObject {
  /// A phase begins.
  func begin(at startNanoseconds: Int64)
  /// The next moment, in nanoseconds since then, not before the last one; nil when there is none.
  func next() -> Int64?
}
