/// Cuts the text of an objective into tokens. Linear in its length; keeps nothing.
struct ObjectiveLexer {
  private let scalars: [Unicode.Scalar]
  private var index = 0

  /// No objective that somebody can read is longer.
  static let lengthLimit = 1_000

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// All tokens of `text`, the end included.
  static func tokens(of text: String) throws(ObjectiveError) -> [ObjectiveToken] {
    var lexer = ObjectiveLexer(text)
    if lexer.scalars.count > lengthLimit {
      throw ObjectiveError(
        .outOfRange, "an objective has \(lengthLimit) characters at most, not \(lexer.scalars.count)", at: lengthLimit)
    }
    var tokens: [ObjectiveToken] = []
    while let token = try lexer.next() { tokens.append(token) }
    tokens.append(ObjectiveToken(kind: .end, text: "", offset: lexer.scalars.count))
    return tokens
  }

  private mutating func next() throws(ObjectiveError) -> ObjectiveToken? {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    guard index < scalars.count else { return nil }
    if Self.isDigit(scalars[index]) { return try number() }
    if Self.isLetter(scalars[index]) { return name() }
    return try sign()
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<index])
    return String(view)
  }

  // MARK: - Names and signs

  private mutating func name() -> ObjectiveToken {
    let start = index
    while index < scalars.count, Self.isInsideName(scalars[index]) { index += 1 }
    let text = text(from: start)
    return ObjectiveToken(kind: .name(text), text: text, offset: start)
  }

  private mutating func sign() throws(ObjectiveError) -> ObjectiveToken {
    let start = index
    let first = scalars[index]
    let second: Unicode.Scalar? = index + 1 < scalars.count ? scalars[index + 1] : nil
    index += 1
    let kind: ObjectiveToken.Kind
    switch (first, second) {
    case ("<", "="), (">", "="), ("=", "="):
      index += 1
      kind = .comparison(first == "<" ? .lessOrEqual : first == ">" ? .greaterOrEqual : .equal)
    case ("<", _): kind = .comparison(.less)
    case (">", _): kind = .comparison(.greater)
    case ("+", _): kind = .plus
    case ("-", _): kind = .minus
    case ("*", _): kind = .times
    case ("/", _): kind = .over
    case ("(", _): kind = .open
    case (")", _): kind = .close
    default: throw Self.unexpected(first, second, at: start)
    }
    return ObjectiveToken(kind: kind, text: text(from: start), offset: start)
  }

  private static func unexpected(
    _ first: Unicode.Scalar, _ second: Unicode.Scalar?, at offset: Int
  ) -> ObjectiveError {
    let suggestion: String? =
      switch (first, second) {
      case ("=", "<"): "write <="
      case ("=", ">"): "write >="
      case ("=", _): "write == for equality"
      case ("!", _): "a comparison is one of < <= > >= =="
      case ("&", _), ("|", _), (";", _): "each condition is an entry of its own under `slo`"
      case ("≤", _): "write <="
      case ("≥", _): "write >="
      case ("×", _): "write *"
      case ("%", _): "a share has no space before its sign: 5%"
      default: nil
      }
    return ObjectiveError(.invalidValue, "`\(first)` means nothing here", at: offset, suggestion)
  }

  // MARK: - Numbers

  /// A number and the unit that stands right behind it, as in `50k/s`.
  private mutating func number() throws(ObjectiveError) -> ObjectiveToken {
    let start = index
    while index < scalars.count, Self.isDigit(scalars[index]) || startsFraction(after: start) { index += 1 }
    guard let (number, rest) = DecimalNumber.prefix(of: Substring(text(from: start))), rest.isEmpty else {
      throw ObjectiveError(.outOfRange, "`\(text(from: start))` has more than 18 digits", at: start)
    }
    let unitStart = index
    while index < scalars.count, Self.isLetter(scalars[index]) || scalars[index] == "%" { index += 1 }
    let unit = text(from: unitStart)
    var (factor, dimension) = try Self.meaning(of: unit, at: unitStart, number: text(from: start))
    if dimension == .plain || dimension == .bytes, unit != "%", let period = period() {
      factor /= period
      dimension = dimension / .duration
    }
    let value = unit == "%" ? number.double / 100 : number.double * factor
    return ObjectiveToken(kind: .number(value, dimension), text: text(from: start), offset: start)
  }

  /// Whether a point with a digit behind it stands here, and none before.
  private func startsFraction(after start: Int) -> Bool {
    scalars[index] == "." && index + 1 < scalars.count && Self.isDigit(scalars[index + 1])
      && !scalars[start..<index].contains(".")
  }

  /// Seconds of the `/s`, `/m` or `/h` that stands here, and of nothing that goes on, as `/sent` does.
  private mutating func period() -> Double? {
    guard index + 1 < scalars.count, scalars[index] == "/" else { return nil }
    guard let seconds = Quantity.secondsPerPeriod[String(scalars[index + 1])] else { return nil }
    if index + 2 < scalars.count, Self.isInsideName(scalars[index + 2]) { return nil }
    index += 2
    return seconds
  }

  /// The factor of a unit to nanoseconds, bytes or one; a share has none.
  private static func meaning(
    of unit: String, at offset: Int, number: String
  ) throws(ObjectiveError) -> (factor: Double, dimension: ObjectiveDimension) {
    if unit == "%" { return (1, .plain) }
    if let factor = Quantity.countUnits[unit] { return (Double(factor), .plain) }
    if let factor = Quantity.durationUnits[unit] { return (Double(factor), .duration) }
    if let factor = Quantity.sizeUnits[unit] { return (Double(factor), .bytes) }
    let units = [Quantity.duration, .size, .rate].map(\.unitList).joined(separator: ", ")
    let known = ["%"] + [Quantity.countUnits, Quantity.durationUnits, Quantity.sizeUnits].flatMap(\.keys).sorted()
    throw ObjectiveError(
      .wrongUnit, "`\(number)` has the unknown unit `\(unit)`", at: offset,
      known.first { $0.lowercased() == unit.lowercased() }.map { "did you mean `\($0)`?" } ?? "units: \(units), %")
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || scalar == "µ" || scalar == "μ"
  }

  private static func isInsideName(_ scalar: Unicode.Scalar) -> Bool {
    isLetter(scalar) || isDigit(scalar) || scalar == "."
  }
}
