import Glibc
import ResultModel

/// Places the numbers of an axis on a stretch of the picture, and chooses the marks.
struct ChartScale {
  private let axis: Chart.Axis
  private let low: Double
  private let high: Double
  private let start: Double
  private let length: Double

  /// A scale for `values` from `start` over `length`; a logarithmic one leaves out what is not positive.
  init(_ axis: Chart.Axis, values: [Double], start: Double, length: Double) {
    self.axis = axis
    self.start = start
    self.length = length
    // Of a foreign file's numbers those far beyond any time or rate are not worth an axis that overflows.
    let shown = values.filter { abs($0) < 1e100 && (!axis.isLogarithmic || $0 > 1e-100) }
    let smallest = shown.min() ?? 1
    let largest = shown.max() ?? smallest
    if axis.isLogarithmic {
      // Whole decades for times; the share of messages ends where the data does.
      low = axis.unit == .percentile ? 1 : pow(10, log10(smallest).rounded(.down))
      high = axis.unit == .percentile ? max(10, largest) : max(low * 10, pow(10, log10(largest).rounded(.up)))
    } else {
      low = axis.unit == .seconds ? smallest : min(0, smallest)
      // Marks need a step that changes the number it is added to.
      high = largest - low > max(1e-100, abs(low) * 1e-9) ? largest : low + max(1, abs(low) * 1e-6)
    }
  }

  /// Whether a number has a place.
  func shows(_ value: Double) -> Bool { value.isFinite && (!axis.isLogarithmic || value > 0) }

  /// The place of a number.
  func place(_ value: Double) -> Double {
    let share =
      axis.isLogarithmic ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
    return start + length * min(max(share, 0), 1)
  }

  /// Where marks are, and what stands beside them.
  var marks: [(place: Double, text: String)] {
    values.map { (place($0), text($0)) }
  }

  private var values: [Double] {
    guard axis.isLogarithmic else {
      let raw = (high - low) / 5
      let magnitude = pow(10, log10(raw).rounded(.down))
      let step = [1.0, 2, 5, 10].map { $0 * magnitude }.first { $0 >= raw } ?? raw
      return Array(stride(from: (low / step).rounded(.up) * step, through: high + step / 1e6, by: step))
    }
    var decades: [Double] = []
    var value = low
    while value <= high * 1.000001 {
      decades.append(value)
      value *= 10
    }
    return decades
  }

  private func text(_ value: Double) -> String {
    switch axis.unit {
    case .nanoseconds: Self.short(QuantityText.duration(nanoseconds: value))
    case .perSecond: Self.short(QuantityText.rate(perSecond: value))
    case .seconds: Self.short("\(QuantityText.significant(value)) s")
    case .percentile: Self.percentile(value)
    }
  }

  /// `1 ms` for `1.00 ms`.
  private static func short(_ text: String) -> String {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].contains(".") else { return text }
    var number = parts[0]
    while number.last == "0" { number.removeLast() }
    if number.last == "." { number.removeLast() }
    return "\(number) \(parts[1])"
  }

  /// One in so many is beyond it: `90 %` for 10, `99.9 %` for 1000.
  private static func percentile(_ oneIn: Double) -> String {
    switch oneIn {
    case ..<5: return "0 %"
    case ..<50: return "90 %"
    default:
      let nines = Int(log10(oneIn).rounded())
      return nines == 2 ? "99 %" : "99.\(String(repeating: "9", count: nines - 2)) %"
    }
  }
}
