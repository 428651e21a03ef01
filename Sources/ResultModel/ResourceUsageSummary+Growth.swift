extension ResourceUsageSummary {
  /// Takes what the data-path threads allocated, and tells what was allocated once from what messages cost.
  ///
  /// A buffer that grows to its size is shared out among the messages of a phase, and by how much it has grown is chance. It is told apart
  /// only where nothing is guessed: when the second half of a phase allocated nothing at all, while messages were sent and received as
  /// before, then none of them costs anything, and the first half's bytes were allocated once. Growth that comes later, or lumps that come
  /// again and again, stay in the figure.
  /// - Parameter intervals: The phase in slices; with fewer than four there are no halves.
  public mutating func setAllocated(byteCount: Int, messageCount: Int, intervals: [IntervalSample]) {
    let isSettled = byteCount > 0 && Self.isSettled(intervals, byteCount: byteCount)
    allocatedBytes = byteCount
    allocatedBytesOnce = isSettled ? byteCount : nil
    allocatedBytesPerMessage = Double(isSettled ? 0 : byteCount) / Double(max(1, messageCount))
  }

  private static func isSettled(_ intervals: [IntervalSample], byteCount: Int) -> Bool {
    let later = intervals.suffix(intervals.count / 2)
    let known = intervals.compactMap(\.allocatedBytes)
    guard intervals.count >= 4, known.count == intervals.count, known.reduce(0, +) == byteCount,
      later.allSatisfy({ $0.allocatedBytes == 0 })
    else { return false }
    // Who allocates for each message that is sent shows nothing while they are only received, as a backlog is.
    return [\IntervalSample.sent, \.received].allSatisfy { count in
      4 * later.reduce(0) { $0 + $1[keyPath: count] } >= intervals.reduce(0) { $0 + $1[keyPath: count] }
    }
  }
}
