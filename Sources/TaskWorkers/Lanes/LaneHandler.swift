public import DriverInterface
public import Serialization
public import Synchronization

/// What runs the records of a lane: one value per worker, made and used on its thread.
public protocol LaneHandler: SendableMetatype, ~Copyable {
  /// Runs one record. What it has to say, failures included, is in the bytes that it appends to `result`,
  /// which takes as many as the lane's ring has room for in one result: more are none at all.
  /// - Parameter body: The record's bytes, valid until this returns.
  mutating func run(_ body: MessageBody, _ context: LaneContext, into result: inout ByteWriter)
}

/// What a handler may ask while it runs a record. Each question costs one load of a line that hardly ever changes.
@frozen
public struct LaneContext: Sendable {
  @usableFromInline let words: LaneWords
  @usableFromInline let mark: RunningMark
  /// Whether another worker had begun the record before and died.
  public let isRedelivered: Bool

  @inlinable
  init(words: LaneWords, mark: RunningMark, isRedelivered: Bool) {
    self.words = words
    self.mark = mark
    self.isRedelivered = isRedelivered
  }

  /// Whether the record has run for longer than its soft limit.
  @inlinable
  public var isSoftLimitExceeded: Bool { unsafe words[.softSequence].pointee.load(ordering: .relaxed) == mark.sequence }

  /// Whether whatever comes of the record now will be ignored: it exceeded its hard limit or was terminated. Only threads live
  /// to see it.
  @inlinable
  public var isCondemned: Bool { unsafe words[.running].pointee.load(ordering: .relaxed) != mark.rawValue }

  /// Whether the lane is stopped cold: what does not end soon is killed, if this is a process.
  @inlinable
  public var isStopping: Bool { unsafe words[.stop].pointee.load(ordering: .relaxed) != 0 }
}
