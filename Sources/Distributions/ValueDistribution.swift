import Glibc

/// A whole number that belongs to a message (its size in bytes, its service time in nanoseconds), decided by the message
/// itself: a pure function of the run's seed, the producer and the sequence number.
///
/// Every side can work it out, so that no message has to carry it, and it is the same under every policy. Drawing takes no
/// state, no allocation and constant time: a nanosecond for most kinds, a logarithm, a root, a cosine and an exponential
/// for `lognormal`.
public struct ValueDistribution: Sendable, Equatable {
  /// What drawing needs.
  @usableFromInline let drawing: ValueDrawing
  /// These keep alive what `drawing` looks into.
  let values: ValueTable?
  let shares: AliasTable?

  init(
    _ kind: ValueDrawing.Kind, location: Double = 0, scale: Double = 0, within bounds: ClosedRange<Int64>,
    values: ValueTable? = nil, shares: AliasTable? = nil
  ) {
    drawing = ValueDrawing(
      kind: kind, location: location, scale: scale, lowest: bounds.lowerBound, highest: bounds.upperBound,
      values: values?.view, shares: shares?.view)
    self.values = values
    self.shares = shares
  }

  /// Always this value.
  public static func fixed(_ value: Int64) -> Self { Self(.fixed, within: value...value) }

  /// Exponentially distributed with this mean; values outside of `bounds` are its ends.
  public static func exponential(mean: Double, within bounds: ClosedRange<Int64> = 0...(.max)) -> Self {
    precondition(mean > 0, "a mean of \(mean)")
    return Self(.exponential, location: mean, within: bounds)
  }

  /// Log-normally distributed with this median and this 99th percentile, which is larger; values outside of `bounds` are
  /// its ends.
  public static func lognormal(p50: Double, p99: Double, within bounds: ClosedRange<Int64> = 0...(.max)) -> Self {
    precondition(p50 > 0 && p99 > p50, "a median of \(p50) and a 99th percentile of \(p99)")
    // The 99th percentile of the normal distribution is 2.326….
    return Self(.lognormal, location: log(p50), scale: log(p99 / p50) / 2.3263478740408408, within: bounds)
  }

  /// Each value of the range equally likely.
  public static func uniform(_ range: ClosedRange<Int64>) -> Self { Self(.uniform, within: range) }

  /// Each producer's messages have these values in turn.
  public static func cycle(_ values: [Int64]) -> Self { Self(.cycle, of: values) }

  /// Each message has one of these values, equally likely: those of a recording.
  public static func recorded(_ values: [Int64]) -> Self { Self(.recorded, of: values) }

  /// Each message has one of these values, with shares in proportion to their weights.
  public static func chosen(_ weighted: [(value: Int64, weight: Double)]) -> Self {
    Self(.chosen, of: weighted.map(\.value), shares: AliasTable(weights: weighted.map(\.weight)))
  }

  private init(_ kind: ValueDrawing.Kind, of values: [Int64], shares: AliasTable? = nil) {
    guard let lowest = values.min(), let highest = values.max() else { preconditionFailure("there are no values") }
    self.init(kind, within: lowest...highest, values: ValueTable(values), shares: shares)
  }

  /// The smallest and the largest value there is; what would lie outside is one of them.
  public var lowest: Int64 { drawing.lowest }
  public var highest: Int64 { drawing.highest }

  /// Whether all messages have the same value: `lowest`.
  public var isFixed: Bool { lowest == highest }

  /// Whether it is always 0, so that nobody has to ask.
  public var isZero: Bool { highest == 0 }

  /// The mean, before values were moved into the bounds.
  public var mean: Double {
    switch drawing.kind {
    case .fixed, .uniform: Double(lowest) + (Double(highest) - Double(lowest)) / 2
    case .exponential: drawing.location
    case .lognormal: exp(drawing.location + drawing.scale * drawing.scale / 2)
    case .cycle, .recorded: values?.mean ?? 0
    case .chosen: chosenMean
    }
  }

  /// By asking the table, whose shares are exact to 2^-63.
  private var chosenMean: Double {
    guard let view = drawing.values, let shares else { return 0 }
    return shares.probabilities.enumerated().reduce(0) { $0 + $1.element * Double(view[$1.offset]) }
  }

  /// The value of one message.
  @inlinable
  public func value(seed: UInt64, producer: UInt64, sequence: UInt64) -> Int64 {
    drawing.value(seed: seed, producer: producer, sequence: sequence)
  }

  public static func == (left: Self, right: Self) -> Bool {
    let (one, other) = (left.drawing, right.drawing)
    return one.kind == other.kind && one.location == other.location && one.scale == other.scale
      && one.lowest == other.lowest && one.highest == other.highest && left.values == right.values
      && left.shares == right.shares
  }
}
