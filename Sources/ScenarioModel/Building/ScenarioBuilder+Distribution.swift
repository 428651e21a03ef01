/// What the values of a distribution are: how they are written, and which ones make sense.
struct DistributionUnit: Sendable {
  let parse: @Sendable (String) throws(QuantityError) -> Int64
  let write: @Sendable (Int64) -> String
  /// An example for messages.
  let example: String
  /// What a value may be, and what to say of others.
  let problem: @Sendable (Int64) -> (message: String, suggestion: String?, code: ScenarioProblem.Code)?

  static let duration = DistributionUnit(
    parse: Quantity.duration, write: Quantity.durationText, example: "20us", problem: { _ in nil })
}

extension ScenarioBuilder {
  /// A fixed value, or how it is distributed; recorded as it is resolved.
  mutating func distribution(
    _ name: String, _ unit: DistributionUnit, in section: Section
  ) -> Scenario.Distribution {
    guard let node = section.given(name), case .map(let entries) = node.kind else {
      let value = value(name, in: section, parse: unit.parse, write: unit.write)
      check(value, unit, at: section.position(of: name))
      return .fixed(value)
    }
    let result = Reading(name: name, unit: unit, section: section, node: node)
    let kinds = entries.filter { Self.distributionKinds.contains($0.key) }
    guard let entry = kinds.first else {
      // Another key has been refused or is unknown.
      if entries.isEmpty {
        report(
          .missingKey, "`\(name)` says nothing about its values", at: node.position,
          "write \(unit.example), or { exponential: \(unit.example) }")
      }
      return result.fallback
    }
    if kinds.count > 1 {
      report(
        .conflict, "`\(name)` is one distribution, not `\(entry.key)` and `\(kinds[1].key)`", at: kinds[1].keyPosition,
        "keep one of them")
      return result.fallback
    }
    return read(entry, result) ?? result.fallback
  }

  static let distributionKinds = ["exponential", "lognormal", "uniform", "cycle", "bimodal", "recorded"]

  /// The place of a distribution in the file.
  struct Reading {
    let name: String
    let unit: DistributionUnit
    let section: Section
    let node: SourceNode

    /// What stands for a distribution with a mistake, so that the rest of the file is checked.
    var fallback: Scenario.Distribution {
      let text = section.keys.key(name)?.defaultText ?? KeyTable.producer.key(name)?.defaultText
      return .fixed(text.flatMap { try? unit.parse($0) } ?? 0)
    }

    func value(_ node: SourceNode?) -> Int64? { node?.scalar.flatMap { try? unit.parse($0) } }
  }

  /// Nil when there was a mistake; the key check reports those of form, this those of meaning.
  private mutating func read(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    switch entry.key {
    case "exponential": exponential(entry, reading)
    case "lognormal": lognormal(entry, reading)
    case "uniform": uniform(entry, reading)
    case "cycle": cycle(entry, reading)
    case "bimodal": bimodal(entry, reading)
    default: recorded(entry, reading)
    }
  }

  private mutating func exponential(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    guard let mean = reading.value(entry.value) else { return nil }
    if mean == 0 {
      report(.outOfRange, "an exponential distribution has a mean above 0", at: entry.value.position)
      return nil
    }
    guard check(mean, reading.unit, at: entry.value.position) else { return nil }
    note(.string(reading.unit.write(mean)), entry.key, reading)
    return .exponential(mean: mean)
  }

  private mutating func lognormal(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    guard case .map(let entries) = entry.value.kind else { return nil }
    for name in ["p50", "p99"] where entry.value[name] == nil {
      guard entries.allSatisfy({ ["p50", "p99"].contains($0.key) }) else { return nil }
      report(
        .missingKey, "`lognormal` needs `\(name)`", at: entry.value.position, "write { p50: …, p99: … }")
      return nil
    }
    guard let median = reading.value(entry.value["p50"]), let high = reading.value(entry.value["p99"]) else {
      return nil
    }
    guard median > 0, high > median else {
      report(
        .outOfRange,
        "a log-normal distribution has a median above 0 and a larger p99, not \(reading.unit.write(median)) and "
          + reading.unit.write(high), at: entry.value["p99"]?.position ?? entry.value.position)
      return nil
    }
    guard check(median, reading.unit, at: entry.value["p50"]?.position ?? entry.value.position) else { return nil }
    note(
      .object(["p50": .string(reading.unit.write(median)), "p99": .string(reading.unit.write(high))]), entry.key,
      reading)
    return .lognormal(p50: median, p99: high)
  }

  private mutating func uniform(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    guard let values = values(entry, reading) else { return nil }
    guard values.count == 2, values[0] < values[1] else {
      report(
        .invalidValue, "`uniform` has two bounds, the smaller one first", at: entry.value.position,
        "write uniform: [\(reading.unit.example), …]")
      return nil
    }
    return .uniform(values[0]...values[1])
  }

  private mutating func cycle(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    guard let values = values(entry, reading) else { return nil }
    if values.isEmpty {
      report(.missingKey, "`cycle` is empty", at: entry.value.position, "name at least one value")
      return nil
    }
    return .cycle(values)
  }

  /// The values of a list, recorded; nil when there was a mistake.
  private mutating func values(_ entry: SourceNode.Entry, _ reading: Reading) -> [Int64]? {
    guard case .list(let items) = entry.value.kind else { return nil }
    var values: [Int64] = []
    for item in items {
      guard let value = reading.value(item), check(value, reading.unit, at: item.position) else { return nil }
      values.append(value)
    }
    note(.array(values.map { .string(reading.unit.write($0)) }), entry.key, reading)
    return values
  }

  private mutating func bimodal(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    guard case .map(let entries) = entry.value.kind else { return nil }
    var modes: [Scenario.Distribution.Mode] = []
    var written: [String: JSONValue] = [:]
    for mode in entries {
      guard let share = mode.value.scalar.flatMap({ try? Quantity.share($0) }) else { return nil }
      guard let value = try? reading.unit.parse(mode.key), value >= 0 else {
        report(
          .invalidValue, "`\(mode.key)` is not a value of `\(reading.name)`", at: mode.keyPosition,
          "write bimodal: { \(reading.unit.example): 90%, …: 10% }")
        return nil
      }
      guard check(value, reading.unit, at: mode.keyPosition) else { return nil }
      modes.append(.init(value: value, share: share))
      written[reading.unit.write(value)] = .string("\(Quantity.decimalText(share * 100))%")
    }
    let sum = modes.reduce(0) { $0 + $1.share }
    guard abs(sum - 1) < 1e-9 else {
      report(
        .outOfRange, "the shares of `bimodal` make \(Quantity.decimalText((sum * 1e6).rounded() / 1e4))%, not 100%",
        at: entry.value.position)
      return nil
    }
    note(.object(written), entry.key, reading)
    return .bimodal(modes)
  }

  private mutating func recorded(_ entry: SourceNode.Entry, _ reading: Reading) -> Scenario.Distribution? {
    guard let written = entry.value.scalar, let file = dataFile(written, at: entry.value.position) else { return nil }
    var values: [Int64] = []
    var isSound = true
    file.forEachRow { line, fields in
      let field = fields[0]
      let position = SourcePosition(file: file.path, line: line, column: field.column)
      // A bare number is in the smallest unit, as in every file that ringside writes.
      guard let value = Int64(field.text) ?? (try? reading.unit.parse(String(field.text))), value >= 0 else {
        if line == 1 { return true }  // The column's name.
        report(
          .invalidValue, "`\(field.text)` is not a value of `\(reading.name)`", at: position,
          "write one value per line, such as \(reading.unit.example)")
        isSound = false
        return false
      }
      guard check(value, reading.unit, at: position) else {
        isSound = false
        return false
      }
      values.append(value)
      return true
    }
    guard isSound else { return nil }
    if values.isEmpty {
      report(.missingKey, "the file `\(file.path)` has no values", at: entry.value.position, "write one per line")
      return nil
    }
    note(.string(data.ownName(of: written, namedAt: entry.value.position)), entry.key, reading)
    return .recorded(values)
  }

  /// Whether the value is one that its key may have; reports when it is not.
  @discardableResult
  private mutating func check(_ value: Int64, _ unit: DistributionUnit, at position: SourcePosition) -> Bool {
    guard let problem = unit.problem(value) else { return true }
    report(problem.code, problem.message, at: position, problem.suggestion)
    return false
  }

  /// Records a distribution.
  private mutating func note(_ value: JSONValue, _ kind: String, _ reading: Reading) {
    record(
      .object([kind: value]), "\(kind) \(value.words)", reading.name, in: reading.section, isDefault: false)
  }

  /// The file that a value names; nil when it cannot be read, which is reported.
  mutating func dataFile(_ name: String, at position: SourcePosition) -> DataFile? {
    do throws(ScenarioFileError) {
      let file = try data.read(name, namedAt: position)
      dataDigests[data.ownName(of: name, namedAt: position)] = data.digest(of: file)
      return file
    } catch {
      report(
        error.code, error.message(for: data.resolvedPath(name, namedAt: position)), at: position,
        "the path is relative to the file that names it")
      return nil
    }
  }
}

extension JSONValue {
  /// The value in words, for a table.
  fileprivate var words: String {
    switch self {
    case .string(let text), .literal(let text): text
    case .array(let items): items.map(\.words).joined(separator: ", ")
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.words)" }.joined(separator: ", ")
    }
  }
}
