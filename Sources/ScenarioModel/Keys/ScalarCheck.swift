/// Checks one single value against its kind.
struct ScalarCheck {
  /// What messages call the key.
  let name: String
  let position: SourcePosition
  /// The value, for problems that lie inside its text; nil points at its beginning.
  var node: SourceNode?

  /// What is wrong with `text`, nil when nothing is.
  func problem(with text: String, as kind: ValueKind) -> ScenarioProblem? {
    switch kind {
    case .text, .anything: nil
    case .slug: slug(text)
    case .choice(let words): choice(text, words)
    case .call(let word): call(text, word)
    case .boolean: choice(text, ["true", "false"])
    case .count(let range): quantity(text, .count, range, Quantity.count, Quantity.countText)
    case .duration(let range): quantity(text, .duration, range, Quantity.duration, Quantity.durationText)
    case .size(let range): quantity(text, .size, range, Quantity.size, Quantity.sizeText)
    case .number: number(text)
    case .share: share(text)
    case .rate(let mayRamp): rate(text, mayRamp: mayRamp)
    case .metric: metric(text)
    case .expression: expression(text)
    case .axes, .object, .map, .list, .namedList, .either: nil  // Not single values.
    }
  }

  private func problem(_ code: ScenarioProblem.Code, _ message: String, _ suggestion: String?) -> ScenarioProblem {
    .init(code, message, at: position, suggestion: suggestion)
  }

  private func choice(_ text: String, _ words: [String]) -> ScenarioProblem? {
    guard !words.contains(text) else { return nil }
    return problem(
      .invalidValue, "`\(name)` cannot be `\(text)`",
      Spelling.suggestion(for: text, among: words) ?? "it is \(ValueKind.choice(words).phrase)")
  }

  private func call(_ text: String, _ word: String) -> ScenarioProblem? {
    guard let count = Self.argument(of: text, calling: word) else { return choice(text, ["\(word)(n)"]) }
    return (1...65_536).contains(count)
      ? nil : problem(.outOfRange, "`\(name)` is \(text); use a count from 1 to 65536", nil)
  }

  /// The count in `word(count)`; nil for other texts.
  static func argument(of text: String, calling word: String) -> Int? {
    guard text.hasPrefix("\(word)("), text.hasSuffix(")") else { return nil }
    return Int(text.dropFirst(word.count + 1).dropLast())
  }

  private func slug(_ text: String) -> ScenarioProblem? {
    guard !Self.isSlug(text) else { return nil }
    let slug = Self.slug(from: text)
    return problem(
      .invalidValue, "`\(name)` is \(ValueKind.slug.phrase), 100 at most, not starting with `.` or `-`",
      slug.isEmpty ? nil : "write \(slug)")
  }

  private func number(_ text: String) -> ScenarioProblem? {
    do throws(QuantityError) {
      let number = try Quantity.number(text)
      return number > 0 ? nil : problem(.outOfRange, "`\(name)` is \(text); use more than 0", nil)
    } catch {
      return problem(.invalidValue, "`\(text)` is not a number; `\(name)` is \(ValueKind.number.phrase)", nil)
    }
  }

  private func share(_ text: String) -> ScenarioProblem? {
    do throws(QuantityError) {
      let share = try Quantity.share(text)
      return share <= 1 ? nil : problem(.outOfRange, "`\(name)` is \(text); use 100% or less", nil)
    } catch {
      return problem(for: error, text, .share)
    }
  }

  private func rate(_ text: String, mayRamp: Bool) -> ScenarioProblem? {
    do throws(QuantityError) {
      let ramp = try Quantity.ramp(text)
      let rates = if let ramp { [ramp.from, ramp.to] } else { [try Quantity.rate(text)] }
      if rates.count == 2, !mayRamp {
        return problem(.invalidValue, "`\(name)` is \(Quantity.rate.description), not a ramp", nil)
      }
      if rates.contains(0) {
        return problem(.outOfRange, "`\(name)` is \(text): a rate of 0 sends nothing", "use a rate above 0")
      }
      if rates.contains(where: { $0 > 1e12 }) {
        return problem(.outOfRange, "`\(name)` is \(text), more than any machine sends", "use 1000G/s or less")
      }
      return nil
    } catch {
      return problem(for: error, text, .rate)
    }
  }

  private func metric(_ text: String) -> ScenarioProblem? {
    // What follows the name: a statistic, or the phase.
    let word = String(text.prefix { !".@".contains($0) })
    guard !KeyTable.metrics.contains(word) else { return nil }
    return problem(
      .invalidValue, "there is no metric `\(word)`",
      Spelling.suggestion(for: word, among: KeyTable.metrics)
        ?? "it is one of \(KeyTable.metrics.joined(separator: ", "))")
  }

  private func expression(_ text: String) -> ScenarioProblem? {
    do throws(ObjectiveError) {
      _ = try ObjectiveExpression(parsing: text)
      return nil
    } catch {
      return .init(
        error.code, error.message, at: node?.position(at: error.offset) ?? position, suggestion: error.suggestion)
    }
  }

  private func quantity(
    _ text: String, _ quantity: Quantity, _ range: ClosedRange<Int64>,
    _ parse: (String) throws(QuantityError) -> Int64, _ write: (Int64) -> String
  ) -> ScenarioProblem? {
    do throws(QuantityError) {
      let value = try parse(text)
      if value < range.lowerBound {
        return problem(.outOfRange, "`\(name)` is \(text); use \(write(range.lowerBound)) or more", nil)
      }
      if value > range.upperBound {
        return problem(.outOfRange, "`\(name)` is \(text); use \(write(range.upperBound)) or less", nil)
      }
      return nil
    } catch {
      return problem(for: error, text, quantity)
    }
  }

  private func problem(for error: QuantityError, _ text: String, _ quantity: Quantity) -> ScenarioProblem {
    switch error {
    case .missingUnit(let suggestion):
      problem(
        .missingUnit, "`\(text)` has no unit; `\(name)` is \(quantity.description)",
        "write \(suggestion) (units: \(quantity.unitList))")
    case .wrongUnit:
      if let other = Quantity.kind(of: text) {
        problem(
          .wrongUnit, "`\(text)` is \(other); `\(name)` is \(quantity.description)", "units: \(quantity.unitList)")
      } else {
        problem(
          .wrongUnit, "`\(text)` has an unknown unit; `\(name)` is \(quantity.description)",
          "units: \(quantity.unitList)")
      }
    case .notANumber:
      problem(.invalidValue, "`\(text)` is not a number; `\(name)` is \(quantity.description)", nil)
    case .negative: problem(.outOfRange, "`\(name)` is \(text); it cannot be negative", nil)
    case .tooLarge: problem(.outOfRange, "`\(name)` is \(text), which is too large", nil)
    case .tooFine:
      problem(.outOfRange, "`\(name)` is \(text), which is not a whole number\(quantity.smallestUnit)", nil)
    }
  }

  /// Whether `text` may become part of a file name.
  static func isSlug(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 100 else { return false }
    return first != UInt8(ascii: ".") && first != UInt8(ascii: "-") && text.utf8.allSatisfy(isSlugByte)
  }

  /// `text` with a hyphen for everything that a slug cannot hold.
  static func slug(from text: String) -> String {
    var slug = ""
    for byte in text.utf8 {
      if isSlugByte(byte) {
        slug.unicodeScalars.append(Unicode.Scalar(byte))
      } else if !slug.isEmpty, !slug.hasSuffix("-") {
        slug += "-"
      }
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    while slug.hasPrefix(".") || slug.hasPrefix("-") { slug.removeFirst() }
    return String(slug.prefix(100))
  }

  private static func isSlugByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
