/// When a warm-up is over: the first moment from which a window of figures no longer rises or falls.
///
/// A straight line is laid through each window of `length` figures (least squares); steady is a window over which that line changes by
/// at most `limit`, as a share of the window's mean. The idea is fio's `steadystate` with a slope.
public struct SteadyState: Sendable, Equatable {
  /// Figures of one window; at least 2.
  public var length: Int
  /// The largest change over a window, as a share of its mean.
  public var limit: Double

  /// A rule.
  public init(length: Int = 8, limit: Double = 0.05) {
    precondition(length >= 2 && limit > 0, "a window of \(length) figures and a limit of \(limit)")
    self.length = length
    self.limit = limit
  }

  /// How much the line through `window` changes from its first to its last figure, as a share of their mean; 0 when that is 0.
  public static func relativeChange(_ window: some Collection<Double>) -> Double {
    guard window.count >= 2, let mean = SampleStatistics.mean(Array(window)), mean != 0 else { return 0 }
    let middle = Double(window.count - 1) / 2
    var products = 0.0
    var squares = 0.0
    for (index, value) in window.enumerated() {
      let offset = Double(index) - middle
      products += offset * (value - mean)
      squares += offset * offset
    }
    return products / squares * Double(window.count - 1) / abs(mean)
  }

  /// The index of the first figure of the first steady window; nil when no window is steady. All of `series` must be steady at once:
  /// the rate and the median latency, for instance. O(n · length).
  public func start(of series: [[Double]]) -> Int? {
    guard let count = series.map(\.count).min(), count >= length else { return nil }
    return (0...(count - length)).first { start in
      series.allSatisfy { abs(Self.relativeChange($0[start..<(start + length)])) <= limit }
    }
  }
}
