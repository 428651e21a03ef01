public import Distributions

/// The messages of a recording, in order of time: in memory that is written once, so that sending them takes a load each.
@safe
public final class SendingTrace: @unchecked Sendable {
  // Unchecked, because: the memory is written in `init` and never again.

  /// One message.
  @frozen
  public struct Entry: BitwiseCopyable, Sendable, Equatable {
    /// When it is due, in nanoseconds from the start.
    public var offsetNanoseconds: Int64
    /// Bytes of its body; 0 for what its number says.
    public var byteCount: Int32
    /// Index of its producer's route; -1 for whose turn it is.
    public var route: Int32

    /// A message.
    public init(offsetNanoseconds: Int64, byteCount: Int32 = 0, route: Int32 = -1) {
      self.offsetNanoseconds = offsetNanoseconds
      self.byteCount = byteCount
      self.route = route
    }
  }

  /// What the trace is called, for descriptions.
  public let name: String
  /// How many messages there are.
  public let count: Int
  /// Bytes of the largest body; 0 when no message says.
  public let largestByteCount: Int
  @usableFromInline let entries: UnsafeMutablePointer<Entry>

  /// A trace of messages whose offsets never fall.
  public init(name: String, _ entries: [Entry]) {
    self.name = name
    count = entries.count
    largestByteCount = Int(entries.map(\.byteCount).max() ?? 0)
    unsafe self.entries = .allocate(capacity: max(1, entries.count))
    var last: Int64 = 0
    for (index, entry) in entries.enumerated() {
      precondition(entry.offsetNanoseconds >= last, "the offsets of a trace never fall")
      last = entry.offsetNanoseconds
      unsafe (self.entries + index).initialize(to: entry)
    }
  }

  deinit { unsafe entries.deallocate() }

  /// Message `index`.
  @inlinable
  public subscript(index: Int) -> Entry {
    precondition(index >= 0 && index < count, "a message outside of the trace")
    return unsafe entries[index]
  }

  /// Messages with an offset below `nanoseconds`: a binary search.
  public func count(before nanoseconds: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if Double(self[middle].offsetNanoseconds) < nanoseconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension SendingTrace: Equatable {
  public static func == (left: SendingTrace, right: SendingTrace) -> Bool {
    left === right
      || left.name == right.name && left.count == right.count && (0..<left.count).allSatisfy { left[$0] == right[$0] }
  }
}

/// The times of a trace, shared by several producers: producer k of n sends the messages k + i n.
@safe @frozen
public struct TraceArrivals: ArrivalSchedule, @unchecked Sendable {
  // Unchecked, because: nothing writes to what it points to. No reference to the trace, which whoever made this keeps for as
  // long (the phase's plan does), since counting references would cost more than the schedule.
  @usableFromInline let entries: UnsafePointer<SendingTrace.Entry>
  @usableFromInline let count: Int
  @usableFromInline let speed: Double
  @usableFromInline let step: Int
  @usableFromInline var index: Int

  /// The share of one producer of a trace that is played `speed` times as fast and that outlives the schedule.
  public init(_ trace: SendingTrace, speed: Double, producer: Int = 0, of count: Int = 1) {
    precondition(speed > 0 && count >= 1 && (0..<count).contains(producer), "producer \(producer) of \(count)")
    unsafe entries = UnsafePointer(trace.entries)
    self.count = trace.count
    self.speed = speed
    step = count
    index = producer
  }

  /// The message whose time comes next; nil after the last.
  @inlinable
  public var upcoming: SendingTrace.Entry? { index < count ? unsafe entries[index] : nil }

  /// The next intended offset, in nanoseconds; after the last message, a time that no phase reaches.
  @inlinable
  public mutating func next() -> Int64 {
    guard let entry = upcoming else { return 1 << 62 }
    index &+= step
    return Int64(Double(entry.offsetNanoseconds) / speed)
  }

  /// By going through the rest, which is no longer than the trace.
  public mutating func takeCount(before offset: Int64) -> Int {
    var count = 0
    while upcoming != nil, next() < offset { count += 1 }
    return count
  }
}
