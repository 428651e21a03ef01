/// Numbers as people read them, the same in a result's sentences and on the terminal. No locale.
///
/// What was measured has three significant digits and the unit that suits; what was asked for is said in full.
public enum QuantityText {
  /// `828 ns`, `1.31 µs`, `12.4 ms`, `20.0 s`.
  public static func duration(nanoseconds: Double) -> String {
    scaled(nanoseconds, [("ns", 1), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)])
  }

  /// The same for whole nanoseconds, which below a microsecond have no decimals.
  public static func duration(nanoseconds: Int64) -> String {
    abs(nanoseconds) < 1000 ? "\(nanoseconds) ns" : duration(nanoseconds: Double(nanoseconds))
  }

  /// `41.2 M/s`.
  public static func rate(perSecond: Double) -> String {
    scaled(perSecond, [("/s", 1), ("k/s", 1e3), ("M/s", 1e6), ("G/s", 1e9)])
  }

  /// `1.28 MB/s`, in powers of ten as rates are.
  public static func byteRate(perSecond: Double) -> String {
    scaled(perSecond, [("B/s", 1), ("kB/s", 1e3), ("MB/s", 1e6), ("GB/s", 1e9)])
  }

  /// `30.0 MiB`, in powers of two as memory is.
  public static func bytes(_ count: Int) -> String {
    count < 1024
      ? "\(count) B"
      : scaled(Double(count), [("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824)])
  }

  /// `12,345,678`.
  public static func count(_ count: Int) -> String {
    var groups: [String] = []
    var digits = Substring(String(count.magnitude))
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = digits.dropLast(3)
    }
    return (count < 0 ? "-" : "") + ([String(digits)] + groups).joined(separator: ",")
  }

  /// A duration as it was asked for, without rounding: `5 s`, `1.5 s`, `250 ms`, `2 min 5 s`.
  public static func exactDuration(nanoseconds: Int64) -> String {
    if nanoseconds >= 60_000_000_000 {
      let rest = nanoseconds % 60_000_000_000
      return "\(nanoseconds / 60_000_000_000) min" + (rest == 0 ? "" : " \(exactDuration(nanoseconds: rest))")
    }
    return exact(Double(nanoseconds), [("s", 1e9), ("ms", 1e6), ("µs", 1e3)], else: nanoseconds == 0 ? "s" : "ns")
  }

  /// A rate as it was asked for, without rounding: `50 k/s`, `1.25 M/s`, `5 /s`.
  public static func exactRate(perSecond: Double) -> String {
    exact(perSecond, [("G/s", 1e9), ("M/s", 1e6), ("k/s", 1e3)], else: "/s")
  }

  /// Three significant digits: `0`, `0.0125`, `3.13`, `41.2`, `828`.
  public static func significant(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var decimals = 2
    var scale = abs(value)
    while scale >= 9.995, decimals > 0 {
      scale /= 10
      decimals -= 1
    }
    while scale < 0.9995, decimals < 9 {
      scale *= 10
      decimals += 1
    }
    return fixed(value, decimals: decimals)
  }

  private static func exact(
    _ value: Double, _ units: [(name: String, size: Double)], else smallest: String
  ) -> String {
    let unit = units.first { abs(value) >= $0.size } ?? (smallest, 1)
    // 1414.2 / 1000 is 1.4142000000000001: what was asked for has no more than nine decimals of a larger unit.
    let number = "\(unit.size == 1 ? value : (value / unit.size * 1e9).rounded() / 1e9)"
    return "\(number.hasSuffix(".0") ? String(number.dropLast(2)) : number) \(unit.name)"
  }

  private static func scaled(_ value: Double, _ units: [(name: String, size: Double)]) -> String {
    // 999.6 of a unit would be shown as 1000: that is 1.00 of the next.
    let unit = units.last { abs(value) >= 0.9995 * $0.size } ?? units[0]
    return "\(significant(value / unit.size)) \(unit.name)"
  }

  private static func fixed(_ value: Double, decimals: Int) -> String {
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let scaled = (abs(value) * factor).rounded()
    let sign = value < 0 ? "-" : ""
    guard scaled < 9e18 else { return "\(value)" }
    let digits = String(Int64(scaled))
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }
}
