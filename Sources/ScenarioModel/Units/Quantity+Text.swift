extension Quantity {
  /// Nanoseconds in the largest unit that needs no fraction; parses back to the same number.
  static func durationText(_ nanoseconds: Int64) -> String {
    guard nanoseconds != 0 else { return "0s" }
    let units: [(String, Int64)] = [
      ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
    ]
    for (unit, factor) in units where nanoseconds % factor == 0 { return "\(nanoseconds / factor)\(unit)" }
    return "\(nanoseconds)ns"
  }

  /// A count in digits.
  static func countText(_ count: Int64) -> String { "\(count)" }

  /// Bytes as KiB or MiB when that needs no fraction.
  static func sizeText(_ bytes: Int64) -> String {
    guard bytes != 0 else { return "0B" }
    if bytes % (1 << 20) == 0 { return "\(bytes >> 20)MiB" }
    if bytes % (1 << 10) == 0 { return "\(bytes >> 10)KiB" }
    return "\(bytes)B"
  }

  /// A rate per second, or per hour when it is not a whole number of events per second.
  static func rateText(_ perSecond: Double) -> String {
    if let whole = Int64(exactly: perSecond) {
      if whole != 0, whole % 1_000_000 == 0 { return "\(whole / 1_000_000)M/s" }
      if whole != 0, whole % 1_000 == 0 { return "\(whole / 1_000)k/s" }
      return "\(whole)/s"
    }
    if let perHour = Int64(exactly: (perSecond * 3_600).rounded()), Double(perHour) / 3_600 == perSecond {
      return "\(perHour)/h"
    }
    return "\(decimalText(perSecond))/s"
  }

  /// A fraction as percent, in the fewest digits that parse back to the same number, twelve places at most.
  static func shareText(_ fraction: Double) -> String {
    var scale = 1.0
    for _ in 0..<12 {
      let percent = (fraction * 100 * scale).rounded() / scale
      if percent / 100 == fraction { return decimalText(percent) + "%" }
      scale *= 10
    }
    return decimalText((fraction * 1e14).rounded() / 1e12) + "%"
  }

  /// A number without an exponent, to twelve places.
  static func decimalText(_ number: Double) -> String {
    let description = "\(number)"
    guard description.contains("e") else {
      return description.hasSuffix(".0") ? String(description.dropLast(2)) : description
    }
    guard number < 1, number > 0 else { return Int64(exactly: number).map { "\($0)" } ?? description }
    let scaled = "\(Int64((number * 1e12).rounded()))"
    return "0." + String(repeating: "0", count: max(0, 12 - scaled.count)) + scaled
  }

  /// Whether two texts are one quantity, spelt differently: `1k` and `1000`.
  static func areEqual(_ left: String, _ right: String) -> Bool {
    func isEqual(_ parse: (String) throws(QuantityError) -> some Equatable) -> Bool {
      guard let first = try? parse(left), let second = try? parse(right) else { return false }
      return first == second
    }
    return isEqual(count) || isEqual(duration) || isEqual(size) || isEqual(rate) || isEqual(share) || isEqual(number)
  }

  /// Which kinds of quantity `text` could be, named for an error message.
  static func kind(of text: String) -> String? {
    if (try? duration(text)) != nil { return "a duration" }
    if (try? size(text)) != nil { return "a size" }
    if (try? rate(text)) != nil { return "a rate" }
    if (try? share(text)) != nil { return "a share" }
    return nil
  }
}
