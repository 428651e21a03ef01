import Platform

/// What one producer sent in a phase, for a trace: when, how large, by which route. Memory is taken beforehand and bounded;
/// what does not fit is counted.
///
/// Written by the producer's thread, one store per message; read when it has ended.
@safe
public final class SendLog: @unchecked Sendable {
  // Unchecked, because: only the worker's thread writes, and phases are ordered by the engine's barriers.

  private let memory: UnsafeMutableRawPointer
  @usableFromInline let entries: UnsafeMutablePointer<SendingTrace.Entry>
  @usableFromInline let capacity: Int
  /// Messages that were noted, whether or not they fit.
  @usableFromInline var count = 0

  /// A log for so many messages per phase, 16 bytes each; its pages are touched now, not while messages are sent.
  public init(capacity: Int) {
    precondition(capacity > 0, "a log for \(capacity) messages")
    self.capacity = capacity
    // Zeroed, and so touched.
    unsafe memory = AlignedMemory.allocate(byteCount: capacity * MemoryLayout<SendingTrace.Entry>.stride)
    unsafe entries = memory.bindMemory(to: SendingTrace.Entry.self, capacity: capacity)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// Notes a message that is due at `time`, on the run's time source.
  @inlinable @inline(__always)
  func note(_ time: Int64, byteCount: Int, route: Int) {
    if count < capacity {
      unsafe entries[count] = SendingTrace.Entry(
        offsetNanoseconds: time, byteCount: Int32(truncatingIfNeeded: byteCount),
        route: Int32(truncatingIfNeeded: route))
    }
    count &+= 1
  }

  /// The messages of the phase that fit; their offsets are times on the run's time source.
  public var messages: [SendingTrace.Entry] { (0..<min(count, capacity)).map { unsafe entries[$0] } }

  /// How many messages did not fit.
  public var droppedCount: Int { max(0, count - capacity) }

  /// Forgets everything; only while the worker rests between phases.
  func clear() { count = 0 }
}
