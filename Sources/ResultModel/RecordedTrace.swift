/// What a run sent, for sending it again: the content of the file that `output.trace` names.
public struct RecordedTrace: Sendable, Equatable {
  /// One message.
  public struct Message: Sendable, Equatable {
    /// When it was due (without a schedule: sent), from the start of the first recorded phase.
    public var offsetNanoseconds: Int64
    /// Bytes of its body.
    public var byteCount: Int32
    /// Index of its routing key in `keys`; -1 for none.
    public var key: Int32

    /// A message.
    public init(offsetNanoseconds: Int64, byteCount: Int32, key: Int32) {
      self.offsetNanoseconds = offsetNanoseconds
      self.byteCount = byteCount
      self.key = key
    }
  }

  /// The routing keys that occur.
  public var keys: [String]
  /// In order of time.
  public var messages: [Message]
  /// Messages that were sent and not recorded, because there was no room.
  public var droppedCount: Int

  /// A trace.
  public init(keys: [String], messages: [Message], droppedCount: Int) {
    self.keys = keys
    self.messages = messages
    self.droppedCount = droppedCount
  }
}
