public import Synchronization

extension HistogramRecorder {
  /// The recording end of a recorder, owned by one thread.
  ///
  /// A record is inlined into its caller, about 25 instructions without a call, for every layout of three digits and
  /// unit 1, which is what latencies are kept in. The shifts are constants and the fields are three words, so that they
  /// stay in registers. Other layouts are recorded by a call, several times slower.
  @frozen
  @safe
  public struct Writer: ~Copyable {
    @usableFromInline let recorder: HistogramRecorder  // Keeps the cells alive.
    @usableFromInline let cells: UnsafeMutablePointer<Atomic<UInt64>>
    /// The largest value that `index(ofBits:)` knows; 0, whose index is 0 in any layout, when it does not know this one.
    @usableFromInline let directLimit: UInt64

    init(of recorder: HistogramRecorder) {
      let layout = recorder.layout
      self.recorder = recorder
      unsafe cells = recorder.cells
      let isDirect = layout.halfCountMagnitude == Self.halfCountMagnitude && layout.unitMagnitude == 0
      directLimit = isDirect ? UInt64(Swift.min(layout.highestTrackable, 1 << 53)) : 0
    }

    /// Three digits: half of 2048 sub-buckets.
    @inlinable static var halfCountMagnitude: Int { 10 }

    /// Records one value, usually nanoseconds. Never locks, allocates or waits.
    @inlinable
    @inline(__always)
    public func record(_ value: Int64) {
      record(value, count: 1)
    }

    /// Records one value `count` times, e.g. the same service time of a whole batch; 0 times is nothing.
    @inlinable
    @inline(__always)
    public func record(_ value: Int64, count: UInt64) {
      guard count > 0 else { return }
      let bits = UInt64(bitPattern: value)
      // One comparison finds both ends: as unsigned numbers, negative ones are the largest.
      guard bits <= directLimit else { return recorder.recordOutOfRange(value, count: count) }
      // Load and store, not a read-modify-write: this thread is the only writer. Relaxed pairs with the relaxed loads
      // of `snapshot()`; nothing else is published through these cells.
      let counter = unsafe cells + (Cell.counters &+ Self.index(ofBits: bits))
      unsafe counter.pointee.store(counter.pointee.load(ordering: .relaxed) &+ count, ordering: .relaxed)
      unsafe noteExtremes(bits, in: cells)
    }

    /// `HistogramLayout.index(of:)` by way of a double, whose exponent is the bucket and whose leading significand bits
    /// are the sub-bucket: exact up to 2^53, and quicker than finding the highest bit, for `lzcnt` is not on every
    /// x86-64 processor, and `bsr`, which is, alone takes 4 cycles on AMD (1.4 against 2.2 ns per record).
    ///
    /// Below half a bucket the counters are linear. There the exponential index is the smaller one (negative, or
    /// `2 v - half`) and above it is at least `half`: a minimum and a maximum choose without a branch, which a mixture
    /// of both kinds of values would mispredict.
    @inlinable
    @inline(__always)
    static func index(ofBits bits: UInt64) -> Int {
      let value = Int(bitPattern: UInt(bits))
      let linear = Swift.min(value, 1 << halfCountMagnitude)
      // Of a double, 52 bits are the significand, and an exponent of 0 is written as 1023.
      let exponential = Int(bitPattern: UInt(Double(value).bitPattern)) &>> (52 - halfCountMagnitude)
      return Swift.max(linear, exponential &- (1023 + halfCountMagnitude - 1) << halfCountMagnitude)
    }
  }

  @inlinable
  @inline(__always)
  static func noteExtremes(_ bits: UInt64, in cells: UnsafeMutablePointer<Atomic<UInt64>>) {
    if unsafe bits > cells[Cell.max].load(ordering: .relaxed) {
      unsafe cells[Cell.max].store(bits, ordering: .relaxed)
    }
    if unsafe bits < cells[Cell.min].load(ordering: .relaxed) {
      unsafe cells[Cell.min].store(bits, ordering: .relaxed)
    }
  }

  /// The writer's rare case: negative, above the range, above 2^53, or of another layout. A method of the recorder,
  /// because one of the writer would need its address, and the writer's fields would leave their registers.
  @usableFromInline
  @inline(never)
  func recordOutOfRange(_ value: Int64, count: UInt64) {
    if value < 0 { add(count, to: Cell.negative) }
    if value > layout.highestTrackable { add(count, to: Cell.saturated) }
    let kept = Swift.max(value, 0)
    add(count, to: Cell.counters + layout.index(of: Swift.min(kept, layout.highestTrackable)))
    unsafe Self.noteExtremes(UInt64(kept), in: cells)
  }

  private func add(_ count: UInt64, to cell: Int) {
    unsafe cells[cell].store(cells[cell].load(ordering: .relaxed) &+ count, ordering: .relaxed)
  }
}
