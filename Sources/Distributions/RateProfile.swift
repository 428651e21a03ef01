import Glibc

/// How the rate of an open loop changes during a phase: a chain of straight pieces, so that the number of messages due up to
/// a time has an exact formula, and that formula an exact inverse.
///
/// A trivial value; pieces are worked out when they are reached, at the cost of a sine for a wave and of a few
/// multiplications else. Rates are messages per second of all producers together.
@frozen
public struct RateProfile: Sendable, Equatable {
  /// The ways a rate may change.
  @frozen
  public enum Shape: Sendable, Equatable {
    /// From the base rate to this one, evenly.
    case ramp(toPerSecond: Double)
    /// From the base rate to this one in `count` stairs of equal length and height, at least 2.
    case stairs(toPerSecond: Double, count: Int)
    /// The base rate, for the middle third of the phase this one, then the base rate again.
    case spike(peakPerSecond: Double)
    /// Around the base rate: a sine, up first, drawn with `wavePieceCount` straight pieces per period. The amplitude is
    /// at most the base rate.
    case wave(amplitudePerSecond: Double, periodNanoseconds: Int64)
  }

  /// The rate at the start; that of a wave on average.
  public let basePerSecond: Double
  /// How it changes.
  public let shape: Shape
  /// How long the phase lasts; afterwards the rate stays what it was, and a wave goes on.
  public let durationNanoseconds: Int64

  /// The straight pieces of a period of a wave: the rate is off by at most a 3000th of the amplitude.
  public static let wavePieceCount = 128

  /// A profile; all rates are above 0, and an amplitude is not above the base rate.
  public init(basePerSecond: Double, shape: Shape, durationNanoseconds: Int64) {
    precondition(basePerSecond > 0 && durationNanoseconds > 0, "\(basePerSecond)/s for \(durationNanoseconds) ns")
    switch shape {
    case .ramp(let to): precondition(to > 0, "a ramp to \(to)/s")
    case .stairs(let to, let count): precondition(to > 0 && count >= 2, "\(count) stairs to \(to)/s")
    case .spike(let peak): precondition(peak > 0, "a spike of \(peak)/s")
    case .wave(let amplitude, let period):
      precondition((0...basePerSecond).contains(amplitude) && period > 0, "a wave of \(amplitude)/s and \(period) ns")
    }
    self.basePerSecond = basePerSecond
    self.shape = shape
    self.durationNanoseconds = durationNanoseconds
  }

  /// A stretch in which the rate changes evenly.
  @frozen @usableFromInline
  struct Piece: Sendable, Equatable {
    /// From when to when, in nanoseconds; the last one never ends.
    @usableFromInline var start: Double
    @usableFromInline var end: Double
    /// Messages due before the start.
    @usableFromInline var countBefore: Double
    /// Messages per nanosecond at the start, and by how much that grows per nanosecond.
    @usableFromInline var rate: Double
    @usableFromInline var slope: Double

    /// Messages due until `time`, which lies in the piece.
    @usableFromInline
    func count(at time: Double) -> Double {
      let x = time - start
      return countBefore + x * (rate + slope * x / 2)
    }

    /// When `count` messages are due: the inverse of `count(at:)`, in the form that loses no digits when the slope is small.
    @inlinable @inline(__always)
    func time(ofCount count: Double) -> Double {
      let missing = count - countBefore
      guard missing > 0 else { return start }
      let root = Swift.max(0, rate * rate + 2 * slope * missing).squareRoot()
      return start + 2 * missing / (rate + root)
    }

    /// Messages due until the end.
    @usableFromInline var countAtEnd: Double { end < .infinity ? count(at: end) : .infinity }
  }

  /// Messages due until `nanoseconds` after the start, by all producers together.
  public func count(at nanoseconds: Double) -> Double {
    nanoseconds <= 0 ? 0 : piece(pieceIndex(at: nanoseconds)).count(at: nanoseconds)
  }

  /// The highest rate, per second.
  public var highestPerSecond: Double {
    switch shape {
    case .ramp(let to), .stairs(let to, _), .spike(let to): max(basePerSecond, to)
    case .wave(let amplitude, _): basePerSecond + amplitude
    }
  }

  /// How many pieces make up a period, and how many messages; nil when nothing repeats.
  var period: (pieceCount: Int, messageCount: Double)? {
    guard case .wave(_, let period) = shape else { return nil }
    return (Self.wavePieceCount, basePerSecond * 1e-9 * Double(period))
  }

  private func pieceIndex(at time: Double) -> Int {
    let duration = Double(durationNanoseconds)
    return switch shape {
    case .ramp: time < duration ? 0 : 1
    case .stairs(_, let count): Int(min(time / duration * Double(count), Double(count - 1)))
    case .spike: Int(min(time / duration * 3, 2))
    case .wave(_, let period): Int(min(time / Double(period) * Double(Self.wavePieceCount), 0x1p52))
    }
  }

  /// Piece `index`, from 0.
  func piece(_ index: Int) -> Piece {
    let duration = Double(durationNanoseconds)
    let base = basePerSecond * 1e-9
    switch shape {
    case .ramp(let to):
      let slope = (to * 1e-9 - base) / duration
      return index == 0
        ? Piece(start: 0, end: duration, countBefore: 0, rate: base, slope: slope)
        : Piece(
          start: duration, end: .infinity, countBefore: duration * (base + to * 1e-9) / 2, rate: to * 1e-9, slope: 0)
    case .stairs(let to, let count):
      let width = duration / Double(count)
      let height = (to * 1e-9 - base) / Double(count - 1)
      let number = Double(index)
      return Piece(
        start: number * width, end: index + 1 < count ? (number + 1) * width : .infinity,
        countBefore: width * (number * base + height * number * (number - 1) / 2), rate: base + number * height,
        slope: 0)
    case .spike(let peak):
      let third = duration / 3
      return Piece(
        start: Double(index) * third, end: index < 2 ? Double(index + 1) * third : .infinity,
        countBefore: index == 0 ? 0 : index == 1 ? third * base : third * (base + peak * 1e-9),
        rate: index == 1 ? peak * 1e-9 : base, slope: 0)
    case .wave(let amplitude, let period):
      return wavePiece(index, amplitude: amplitude * 1e-9, width: Double(period) / Double(Self.wavePieceCount))
    }
  }

  /// The trapezoids under a sine have a sum in closed form, so that no error adds up over the periods.
  private func wavePiece(_ index: Int, amplitude: Double, width: Double) -> Piece {
    let base = basePerSecond * 1e-9
    let angle = 2 * Double.pi / Double(Self.wavePieceCount)
    let place = Double(index % Self.wavePieceCount)
    let rate = max(0, base + amplitude * sin(angle * place))
    let next = max(0, base + amplitude * sin(angle * (place + 1)))
    let start = Double(index) * width
    let crest = amplitude * width / (2 * tan(angle / 2)) * (1 - cos(angle * place))
    return Piece(
      start: start, end: start + width, countBefore: base * start + crest, rate: rate, slope: (next - rate) / width)
  }
}
