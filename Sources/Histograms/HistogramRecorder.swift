public import Synchronization

/// A histogram that one thread records into while others look.
///
/// Roles: one thread at a time owns a `Writer`; any thread may call `snapshot()` at any time. Whoever hands the role
/// of the writer to another thread orders the two (a join, a barrier). Without a writer, any number of threads may call
/// `recordShared`.
/// Cost: a record is a load and a store of one counter and a look at minimum and maximum, which lie on one line:
/// no locked instruction, no allocation. Counters are touched at creation, so that no record takes a page fault.
///
/// Invariants
/// - Every cell only grows (the minimum: only falls), so that a later snapshot never has less: it has one writer, or
///   several that change it in one locked step.
/// - All cells are relaxed: a snapshot is some mixture of moments during the call. Its count is the sum of its
///   buckets, and its minimum and maximum are made to fit them. A value that it misses is in the next one.
@safe
public final class HistogramRecorder: @unchecked Sendable {
  // Unchecked, because: the cells are atomics, and the memory lives as long as this object.

  /// Where values fall.
  public let layout: HistogramLayout
  @usableFromInline let cells: UnsafeMutablePointer<Atomic<UInt64>>
  /// Keeps memory that is not the recorder's own.
  private let owner: (any AnyObject & Sendable)?

  /// The cells before the counters: one line of 128 bytes.
  @usableFromInline enum Cell {
    @usableFromInline static let min = 0
    @usableFromInline static let max = 1
    @usableFromInline static let saturated = 2
    @usableFromInline static let negative = 3
    @usableFromInline static let counters = 16
  }

  /// An empty recorder. Its memory is `8 * layout.counterCount` bytes: 221 KB for `.latency`.
  public init(layout: HistogramLayout = .latency) {
    self.layout = layout
    let cellCount = Cell.counters + layout.counterCount
    let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.byteCount(layout: layout), alignment: 128)
    unsafe cells = memory.bindMemory(to: Atomic<UInt64>.self, capacity: cellCount)
    owner = nil
    for index in 0..<cellCount { unsafe (cells + index).initialize(to: Atomic(0)) }
    unsafe cells[Cell.min].store(.max, ordering: .relaxed)
  }

  /// A recorder in memory of the caller's, so that one process can look at what another records: both make one there.
  /// `reset` it once before the first record, when the memory is new.
  /// - Parameters:
  ///   - memory: `byteCount(layout:)` bytes on a boundary of 128, zeroed when new.
  ///   - owner: Keeps the memory.
  public init(layout: HistogramLayout, in memory: UnsafeMutableRawPointer, keeping owner: any AnyObject & Sendable) {
    self.layout = layout
    self.owner = owner
    unsafe cells = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  deinit {
    if owner == nil { unsafe UnsafeMutableRawPointer(cells).deallocate() }
  }

  /// How much memory a recorder takes.
  public static func byteCount(layout: HistogramLayout) -> Int { 8 * (Cell.counters + layout.counterCount) }

  /// The recording end. At most one is in use at a time.
  public func makeWriter() -> Writer { Writer(of: self) }

  /// What has been recorded until about now. Linear in the index of the largest value so far; by any thread.
  public func snapshot() -> LatencyHistogram {
    let largest = load(Cell.max)
    let smallest = load(Cell.min)
    guard smallest <= largest else { return LatencyHistogram(layout: layout) }  // Nothing yet, or not quite.
    let last = layout.index(of: Int64(Swift.min(largest, UInt64(layout.highestTrackable))))
    var counts = [Int](repeating: 0, count: last + 1)
    for index in 0...last { counts[index] = Int(load(Cell.counters + index)) }
    var histogram = LatencyHistogram(layout: layout, counts: counts)
    histogram.noteOutOfRange(saturated: Int(load(Cell.saturated)), negative: Int(load(Cell.negative)))
    histogram.narrowExtremes(min: Int64(smallest), max: Int64(largest))
    return histogram
  }

  /// Forgets everything. Only while no thread records, and ordered with the writer's next record.
  public func reset() {
    let largest = Swift.min(load(Cell.max), UInt64(layout.highestTrackable))
    for index in 0...layout.index(of: Int64(largest)) {
      unsafe cells[Cell.counters + index].store(0, ordering: .relaxed)
    }
    for cell in [Cell.max, Cell.saturated, Cell.negative] { unsafe cells[cell].store(0, ordering: .relaxed) }
    unsafe cells[Cell.min].store(.max, ordering: .relaxed)
  }

  private func load(_ cell: Int) -> UInt64 {
    unsafe cells[cell].load(ordering: .relaxed)
  }
}
