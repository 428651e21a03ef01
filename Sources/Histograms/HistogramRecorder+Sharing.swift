import Synchronization

extension HistogramRecorder {
  /// Records one value, by any of several threads or processes at once, while nobody has a `Writer`.
  ///
  /// Cost: two or three locked instructions, on lines that others write as well: for samples, not for every message.
  public func recordShared(_ value: Int64) {
    if value < 0 { unsafe cells[Cell.negative].wrappingAdd(1, ordering: .relaxed) }
    if value > layout.highestTrackable { unsafe cells[Cell.saturated].wrappingAdd(1, ordering: .relaxed) }
    let kept = Swift.max(value, 0)
    let index = layout.index(of: Swift.min(kept, layout.highestTrackable))
    // Relaxed pairs with the relaxed loads of `snapshot()`, as a writer's records do.
    unsafe cells[Cell.counters + index].wrappingAdd(1, ordering: .relaxed)
    replace(Cell.max, by: UInt64(kept)) { $0 > $1 }
    replace(Cell.min, by: UInt64(kept)) { $0 < $1 }
  }

  /// Sets a cell unless it holds something better already. A loop, because `Atomic<UInt64>.min` compares as signed numbers (Swift 6.3),
  /// to which the minimum of an empty recorder is -1.
  private func replace(_ cell: Int, by value: UInt64, ifBetter isBetter: (UInt64, UInt64) -> Bool) {
    var known = unsafe cells[cell].load(ordering: .relaxed)
    while isBetter(value, known) {
      let (exchanged, original) = unsafe cells[cell].weakCompareExchange(
        expected: known, desired: value, ordering: .relaxed)
      if exchanged { return }
      known = original
    }
  }
}
