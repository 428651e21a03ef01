import ResultModel

/// Sentences and figures that several sections need.
enum Words {
  static func plural(_ count: Int, _ noun: String) -> String {
    "\(QuantityText.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// What was expected, what was observed, where it is written.
  static func sentence(_ verdict: Verdict) -> String {
    var text = title(verdict)
    if let detail = verdict.detail { text += ": \(detail)" }
    // The detail of a comparison has the ratio and what is allowed in words.
    let isInWords = verdict.kind == .comparison
    if !isInWords, let observed = observed(verdict) { text += ", observed \(observed)" }
    if !isInWords, let limit = verdict.limit { text += ", limit \(value(limit, verdict.unit))" }
    if let source = verdict.source { text += " (\(source.file):\(source.line):\(source.column))" }
    return text
  }

  /// Its kind and what was expected; the kind only once where the expectation begins with the same word.
  static func title(_ verdict: Verdict) -> String {
    let kind = verdict.kind.rawValue
    return verdict.id.hasPrefix(kind) ? verdict.id : "\(kind) \(verdict.id)"
  }

  /// What a judged objective came to, in a word.
  static func outcome(_ verdict: Verdict) -> String {
    verdict.ok
      ? "pass" : verdict.isInconclusive == true ? "inconclusive" : verdict.severity == .warn ? "warning" : "fail"
  }

  /// What was observed, and its 95 % interval.
  static func observed(_ verdict: Verdict) -> String? {
    verdict.observed.map { observed in
      let interval = verdict.ci95.map { " [\(value($0.low, verdict.unit)), \(value($0.high, verdict.unit))]" }
      return value(observed, verdict.unit) + (interval ?? "")
    }
  }

  /// A figure in the unit of a verdict; the guarantees, which are about messages, name what they count themselves.
  static func value(_ value: Double, _ unit: String?) -> String {
    switch unit {
    case "ns": QuantityText.duration(nanoseconds: value)
    case "per_s": QuantityText.rate(perSecond: value)
    case "share": "\(QuantityText.significant(value * 100)) %"
    case "messages": count(value)
    case "bytes_per_s": QuantityText.byteRate(perSecond: value)
    case let unit: count(value) + (unit.map { " \($0)" } ?? "")
    }
  }

  /// An interval beside its figure, `[4.10, 9.41]` behind `9.14 M/s`: a unit that all three have is said once.
  static func interval(_ low: String, _ high: String, beside figure: String) -> String {
    let unit = figure.drop { $0 != " " }
    guard !unit.isEmpty, low.hasSuffix(unit), high.hasSuffix(unit) else { return "[\(low), \(high)]" }
    return "[\(low.dropLast(unit.count)), \(high.dropLast(unit.count))]"
  }

  private static func count(_ value: Double) -> String {
    Int(exactly: value).map(QuantityText.count) ?? QuantityText.significant(value)
  }

  /// A figure of a metric, by the metric's name.
  static func value(_ value: Double, ofMetric name: String) -> String {
    let metric = String(name.prefix { $0 != "@" })
    if ["throughput", "offered", "sent"].contains(metric) { return QuantityText.rate(perSecond: value) }
    if metric.hasSuffix("bytes_per_message") { return "\(QuantityText.significant(value)) B" }
    return QuantityText.duration(nanoseconds: value)
  }

  /// A rate that was searched, in the five digits that its search gives it: `7.6974 k/s`, `800 /s`.
  static func searchedRate(_ perSecond: Double) -> String {
    guard perSecond > 0, perSecond < 1e15 else { return QuantityText.rate(perSecond: perSecond) }
    let units: [(name: String, size: Double)] = [("G/s", 1e9), ("M/s", 1e6), ("k/s", 1e3)]
    let unit = units.first { perSecond >= $0.size } ?? ("/s", 1)
    var decimals = 4
    var rest = perSecond / unit.size
    while rest >= 10, decimals > 0 {
      rest /= 10
      decimals -= 1
    }
    let scale = [1.0, 10, 100, 1_000, 10_000][decimals]
    let number = "\((perSecond / unit.size * scale).rounded() / scale)"
    return "\(number.hasSuffix(".0") ? String(number.dropLast(2)) : number) \(unit.name)"
  }

  /// A ratio with three decimals; one that no run has, as it is.
  static func ratio(_ value: Double) -> String {
    guard value >= 0, value < 1e15 else { return QuantityText.significant(value) }
    let thousandths = Int((value * 1000).rounded())
    let decimals = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - decimals.count) + decimals
  }
}
