/// The kinds of quantity of a scenario file, and how each is written.
///
/// Sources: durations and sizes as the field writes them (`20us`, `4KiB`), rates as `50k/s`, counts as `10M`.
enum Quantity {
  case count, duration, rate, size, share

  /// A sentence part with an example, e.g. `a duration such as 250ms`.
  var description: String {
    switch self {
    case .count: "a count such as 1000 or 10M"
    case .duration: "a duration such as 250ms"
    case .rate: "a rate such as 50k/s"
    case .size: "a size such as 128B or 4KiB"
    case .share: "a share such as 5%"
    }
  }

  /// All units, for the message when one is wrong.
  var unitList: String {
    switch self {
    case .count: "k, M, G"
    case .duration: "ns, us, ms, s, m, h"
    case .rate: "/s, /m, /h, after k, M, G"
    case .size: "B, KB, MB, GB, KiB, MiB, GiB"
    case .share: "%"
    }
  }

  /// What a value is a whole number of, for the message about a finer one; empty for a count.
  var smallestUnit: String {
    switch self {
    case .duration: " of nanoseconds"
    case .size: " of bytes"
    case .count, .rate, .share: ""
    }
  }

  /// Nanoseconds of a duration such as `250ms`. A bare 0 is zero in every unit.
  static func duration(_ text: String) throws(QuantityError) -> Int64 {
    try whole(text, unit: "s") { durationUnits[$0] }
  }

  /// Bytes of a size such as `4KiB`: KB is 1000, KiB is 1024.
  static func size(_ text: String) throws(QuantityError) -> Int64 {
    try whole(text, unit: "B") { sizeUnits[$0] }
  }

  /// A count such as `10M`.
  static func count(_ text: String) throws(QuantityError) -> Int64 {
    guard let (number, rest) = DecimalNumber.prefix(of: trimmed(text)) else { throw .notANumber }
    guard let factor = countUnits[String(rest)] else { throw .wrongUnit }
    return try number.times(factor)
  }

  /// Events per second of a rate such as `50k/s`.
  static func rate(_ text: String) throws(QuantityError) -> Double {
    guard let (number, rest) = DecimalNumber.prefix(of: trimmed(text)) else { throw .notANumber }
    let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let factor = countUnits[String(trimmed(parts[0]))] else { throw .wrongUnit }
    if number.isNegative, number.digits != 0 { throw .negative }
    guard parts.count == 2 else {
      if number.digits == 0 { return 0 }
      throw .missingUnit(suggestion: "\(trimmed(text))/s")
    }
    guard let seconds = secondsPerPeriod[String(trimmed(parts[1]))] else { throw .wrongUnit }
    return number.double * Double(factor) / seconds
  }

  /// Both ends of a ramp such as `10k/s..60k/s`; nil for a text without `..`.
  static func ramp(_ text: String) throws(QuantityError) -> (from: Double, to: Double)? {
    let parts = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    return (from: try rate(String(parts[0])), to: try rate(String(parts[1])))
  }

  /// A share such as `5%` as a fraction, 0.05.
  static func share(_ text: String) throws(QuantityError) -> Double {
    guard let (number, rest) = DecimalNumber.prefix(of: trimmed(text)) else { throw .notANumber }
    if number.isNegative, number.digits != 0 { throw .negative }
    guard !rest.isEmpty || number.digits == 0 else {
      throw .missingUnit(suggestion: number.double < 1 ? "\(number.double * 100)%" : "\(trimmed(text))%")
    }
    guard rest.isEmpty || rest == "%" else { throw .wrongUnit }
    return number.double / 100
  }

  /// A plain decimal number.
  static func number(_ text: String) throws(QuantityError) -> Double {
    guard let (number, rest) = DecimalNumber.prefix(of: trimmed(text)) else { throw .notANumber }
    guard rest.isEmpty else { throw .wrongUnit }
    return number.double
  }

  private static func whole(
    _ text: String, unit: String, factor: (String) -> Int64?
  ) throws(QuantityError) -> Int64 {
    guard let (number, rest) = DecimalNumber.prefix(of: trimmed(text)) else { throw .notANumber }
    if rest.isEmpty {
      if number.digits == 0 { return 0 }
      throw .missingUnit(suggestion: "\(trimmed(text))\(unit)")
    }
    guard let factor = factor(String(trimmed(rest))) else { throw .wrongUnit }
    return try number.times(factor)
  }

  private static func trimmed(_ text: some StringProtocol) -> Substring {
    var part = Substring(text)
    while part.first == " " { part.removeFirst() }
    while part.last == " " { part.removeLast() }
    return part
  }

  static let durationUnits: [String: Int64] = [
    "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
    "h": 3_600_000_000_000,
  ]
  static let sizeUnits: [String: Int64] = [
    "B": 1, "KB": 1_000, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "KiB": 1 << 10, "MiB": 1 << 20,
    "GiB": 1 << 30,
  ]
  static let countUnits: [String: Int64] = [
    "": 1, "k": 1_000, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000,
  ]
  static let secondsPerPeriod: [String: Double] = ["s": 1, "m": 60, "h": 3_600]
}
