public import Histograms

/// Publisher confirms of one producer: how many are outstanding, and how long each took.
@frozen
public struct ConfirmWindow: ~Copyable {
  /// The most that may be outstanding; 0 when confirms are off.
  public let limit: Int
  @usableFromInline var confirmTime: HistogramRecorder.Writer
  @usableFromInline var sentTimes: [Int64]
  @usableFromInline let mask: Int
  @usableFromInline var publishedCount: UInt64 = 0
  @usableFromInline var confirmedCount: UInt64 = 0
  @usableFromInline var reportedCount: UInt64 = 0

  /// A window with nothing outstanding.
  public init(limit: Int, confirmTime: consuming HistogramRecorder.Writer) {
    self.limit = limit
    self.confirmTime = confirmTime
    var capacity = 1
    // A batch may overshoot the limit by its own length.
    while capacity < limit + 4096, limit > 0 { capacity *= 2 }
    sentTimes = Array(repeating: 0, count: capacity)
    mask = capacity - 1
  }

  /// Whether confirms are on.
  @inlinable @inline(__always)
  public var isOn: Bool { limit > 0 }

  /// Whether the producer has to wait.
  @inlinable @inline(__always)
  public var isFull: Bool { publishedCount &- confirmedCount >= UInt64(truncatingIfNeeded: limit) }

  /// Notes a publish.
  @inlinable @inline(__always)
  public mutating func published(now: Int64) {
    sentTimes[Int(truncatingIfNeeded: publishedCount) & mask] = now
    publishedCount &+= 1
  }

  /// Notes that all publishes up to the given count are confirmed.
  @inlinable @inline(__always)
  public mutating func update(_ count: UInt64, now: Int64) {
    while confirmedCount < count {
      confirmTime.record(now &- sentTimes[Int(truncatingIfNeeded: confirmedCount) & mask])
      confirmedCount &+= 1
    }
  }

  /// How many were confirmed since the last call.
  public mutating func takeConfirmedCount() -> UInt64 {
    defer { reportedCount = confirmedCount }
    return confirmedCount - reportedCount
  }
}
