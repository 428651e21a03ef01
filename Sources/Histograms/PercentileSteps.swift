import Glibc

/// The rows of a percentile distribution: from 0 % on, the same number of steps to each halving of the distance to
/// 100 %, and 100 % itself at the end.
struct PercentileSteps: Sequence, IteratorProtocol {
  struct Step: Equatable {
    let percentile: Double
    /// The upper end of the bucket in which the percentile is reached.
    let value: Int64
    let countSoFar: Int
  }

  private static let stepsPerHalving = 5.0
  private let count: Int
  private var buckets: HistogramBuckets
  private var current: HistogramBucket?
  private var countSoFar = 0
  private var percentile = 0.0
  private var isFinished = false

  init(_ histogram: LatencyHistogram) {
    count = histogram.count
    buckets = histogram.buckets
  }

  mutating func next() -> Step? {
    guard !isFinished, count > 0 else { return nil }
    if let last = current, countSoFar == count {
      isFinished = true
      return Step(percentile: 100, value: last.values.upperBound, countSoFar: countSoFar)
    }
    while current == nil || 100 * Double(countSoFar) / Double(count) < percentile {
      current = buckets.next()
      countSoFar += current?.count ?? 0
    }
    guard let current else { return nil }
    let step = Step(percentile: percentile, value: current.values.upperBound, countSoFar: countSoFar)
    let halvings = Int(log(100 / (100 - percentile)) / log(2)) + 1
    percentile += 100 / (Self.stepsPerHalving * pow(2, Double(halvings)))
    return step
  }
}
