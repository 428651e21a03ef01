/// What kind of quantity a part of an objective is: so many times a time, so many times a size.
///
/// A rate is one over a time; a count and a share are plain numbers. Values are in nanoseconds, bytes and per second, as
/// results have them: a product of a rate and a time therefore needs a factor, `scale`.
public struct ObjectiveDimension: Sendable, Equatable {
  /// The power of time.
  var time: Int
  /// The power of bytes.
  var size: Int

  static let plain = Self(time: 0, size: 0)
  static let duration = Self(time: 1, size: 0)
  static let rate = Self(time: -1, size: 0)
  static let bytes = Self(time: 0, size: 1)
  static let byteRate = Self(time: -1, size: 1)

  /// Higher powers mean nothing to anybody.
  private static let highestPower = 3

  var isSensible: Bool { abs(time) <= Self.highestPower && abs(size) <= Self.highestPower }

  static func * (left: Self, right: Self) -> Self {
    .init(time: left.time + right.time, size: left.size + right.size)
  }

  static func / (left: Self, right: Self) -> Self {
    .init(time: left.time - right.time, size: left.size - right.size)
  }

  /// What a product of values of two dimensions is multiplied by: times are counted in nanoseconds, what is per time in
  /// seconds. Exactly 1 wherever no time is cancelled.
  static func scale(_ left: Self, times right: Self) -> Double {
    power(of: nanosecondPower(left * right) - nanosecondPower(left) - nanosecondPower(right))
  }

  /// The same for a quotient.
  static func scale(_ left: Self, over right: Self) -> Double {
    power(of: nanosecondPower(left / right) - nanosecondPower(left) + nanosecondPower(right))
  }

  private static func nanosecondPower(_ dimension: Self) -> Int { max(0, dimension.time) }

  private static func power(of exponent: Int) -> Double {
    var factor = 1.0
    for _ in 0..<abs(exponent) { factor *= 1e9 }
    return exponent < 0 ? 1 / factor : factor
  }

  /// The unit of its values, as verdicts have it; nil for plain numbers and for what has no name.
  public var unit: String? {
    switch self {
    case .duration: "ns"
    case .rate: "per_s"
    case .bytes: "bytes"
    case .byteRate: "bytes_per_s"
    default: nil
    }
  }

  /// What it is called in messages.
  var phrase: String {
    switch self {
    case .plain: "a plain number"
    case .duration: "a time"
    case .rate: "a rate"
    case .bytes: "a size"
    case .byteRate: "a size per second"
    default: "a quantity of its own kind (time\(Self.power(time)), size\(Self.power(size)))"
    }
  }

  private static func power(_ exponent: Int) -> String { exponent == 1 ? "" : " to the power of \(exponent)" }
}
