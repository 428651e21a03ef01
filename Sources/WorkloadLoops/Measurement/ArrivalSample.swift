import Platform

/// Some gaps between neighbouring intended times of one producer and one phase, evenly spread over the phase: what the
/// generator's own schedule is judged by, after the phase.
///
/// Written by the producer's thread, a few thousand times per phase; read when it has ended.
@safe
public final class ArrivalSample: @unchecked Sendable {
  // Unchecked, because: only the worker's thread writes, and phases are ordered by the engine's barriers.

  /// A gap by its ends, in nanoseconds from the start of the phase.
  public struct Gap: BitwiseCopyable, Sendable, Equatable {
    /// The earlier intended time.
    public var from: Int64
    /// The later one, of the same producer.
    public var to: Int64
  }

  /// The most gaps that are kept.
  public static let limit = 2048

  private let memory: UnsafeMutableRawPointer
  private let entries: UnsafeMutablePointer<Gap>
  private var count = 0

  /// An empty sample, with its memory.
  public init() {
    unsafe memory = AlignedMemory.allocate(byteCount: Self.limit * MemoryLayout<Gap>.stride)
    unsafe entries = memory.bindMemory(to: Gap.self, capacity: Self.limit)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  /// Keeps a gap; returns whether there is room for more.
  @usableFromInline
  func note(from: Int64, to: Int64) -> Bool {
    guard count < Self.limit else { return false }
    unsafe entries[count] = Gap(from: from, to: to)
    count += 1
    return count < Self.limit
  }

  /// The gaps of the phase.
  public var gaps: [Gap] { (0..<count).map { unsafe entries[$0] } }

  /// Forgets everything; only while the worker rests between phases.
  func clear() { count = 0 }
}
