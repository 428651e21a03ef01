/// Draws the values of a `ValueDistribution` for who keeps that alive: it holds no reference, because counting one takes longer
/// than drawing.
@frozen @usableFromInline
struct ValueDrawing: Sendable {
  @frozen @usableFromInline
  enum Kind: Sendable { case fixed, exponential, lognormal, uniform, cycle, chosen, recorded }

  @usableFromInline let kind: Kind
  /// The mean of an exponential one, the logarithm of the median of a log-normal one.
  @usableFromInline let location: Double
  /// The standard deviation of a log-normal one's logarithm.
  @usableFromInline let scale: Double
  @usableFromInline let lowest: Int64
  @usableFromInline let highest: Int64
  @usableFromInline let values: ValueTable.View?
  @usableFromInline let shares: AliasTable.View?

  /// The value of one message.
  @inlinable
  func value(seed: UInt64, producer: UInt64, sequence: UInt64) -> Int64 {
    if kind == .fixed { return lowest }
    if kind == .cycle { return values!.inTurn(sequence) }
    let bits = MessageBits.of(seed, producer, sequence)
    switch kind {
    case .exponential: return bounded(location * UnitInterval.exponential(bits))
    case .lognormal: return bounded(UnitInterval.lognormal(bits, logarithmOfMedian: location, deviation: scale))
    case .uniform: return UniformDistribution(lowest...highest).value(bits)
    case .recorded: return values!.any(bits)
    case .chosen: return values![shares!.index(bits)]
    case .fixed, .cycle: return lowest
    }
  }

  @inlinable @inline(__always)
  func bounded(_ value: Double) -> Int64 {
    // A double cannot hold all of the largest numbers.
    value >= 0x1p62 ? highest : Swift.min(highest, Swift.max(lowest, Int64(value.rounded())))
  }
}
