/// The chunks of a `PayloadPool` that belong to nobody any more, as runs of neighbours.
///
/// Invariant: runs rise, are not empty, and neither overlap nor touch, so that a run of chunks is free as a whole if and only if
/// it lies in one of them.
struct PayloadFreeChunks: Sendable {
  private var runs: [Range<Int>] = []
  private(set) var count = 0

  /// Takes `wanted` chunks in a row, and returns the first; nil when no run is that long. O(runs).
  ///
  /// From the last run that is long enough: what is taken by ones leaves the others whole.
  mutating func take(_ wanted: Int) -> Int? {
    guard let place = runs.lastIndex(where: { $0.count >= wanted }) else { return nil }
    let first = runs[place].upperBound - wanted
    if first == runs[place].lowerBound {
      runs.remove(at: place)
    } else {
      runs[place] = runs[place].lowerBound..<first
    }
    count -= wanted
    return first
  }

  /// Adds runs of chunks that are not in here. O(n log n) of all runs.
  mutating func insert(_ added: [Range<Int>]) {
    var merged: [Range<Int>] = []
    for run in (runs + added).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, last.upperBound == run.lowerBound {
        merged[merged.count - 1] = last.lowerBound..<run.upperBound
      } else {
        merged.append(run)
      }
    }
    runs = merged
    count += added.reduce(0) { $0 + $1.count }
  }
}
