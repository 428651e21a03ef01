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
    unsafe _ = cells[Cell.max].max(UInt64(kept), ordering: .relaxed)
    unsafe _ = cells[Cell.min].min(UInt64(kept), ordering: .relaxed)
  }
}
