/// What precedes the bytes of a record in the request ring, by offset. All words are in the machine's own order: both ends are
/// processes of one build on one machine.
@usableFromInline
enum RequestFrame {
  @usableFromInline static var sequenceOffset: Int { @inlinable get { 0 } }
  @usableFromInline static var isLimitedOffset: Int { @inlinable get { 8 } }
  @usableFromInline static var byteCount: Int { @inlinable get { 16 } }
}

/// What precedes the bytes of a result in the completion ring.
@usableFromInline
enum CompletionFrame {
  @usableFromInline static var sequenceOffset: Int { @inlinable get { 0 } }
  @usableFromInline static var remarksOffset: Int { @inlinable get { 8 } }
  @usableFromInline static var byteCount: Int { @inlinable get { 16 } }
}
