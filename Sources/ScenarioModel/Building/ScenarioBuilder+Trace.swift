extension ScenarioBuilder {
  /// The columns of a trace; the first must be there.
  private static let traceColumns = ["offset_ns", "size", "key", "priority"]
  /// The most rows.
  static let traceEntryLimit = 4_000_000

  /// The recording that `trace` names, checked row by row.
  mutating func trace(
    _ written: String, in section: Section, _ workload: Scenario.Workload?
  ) -> Scenario.Phase.Kind? {
    let position = section.position(of: "trace")
    guard let file = dataFile(written, at: position) else { return nil }
    let name = data.ownName(of: written, namedAt: position)
    record(.string(name), name, "trace", in: section, isDefault: false)
    let speed = number("speed", in: section)
    var reader = TraceReader(file: file, workload: workload)
    file.forEachRow { line, fields in reader.read(fields, line: line) }
    reader.finish()
    problems += reader.problems
    guard reader.problems.isEmpty else { return nil }
    if reader.entries.isEmpty {
      report(
        .missingKey, "the trace `\(file.path)` has no messages", at: position,
        "write a line \(Self.traceColumns.joined(separator: ",")) and one per message")
      return nil
    }
    if !(0.001...1_000).contains(speed) {
      report(.outOfRange, "`speed` is 0.001 to 1000", at: section.position(of: "speed"))
    }
    return .trace(.init(path: name, entries: reader.entries), speed: speed)
  }

  /// Makes messages of rows; stops at the first mistakes, which a wrong file has on every line.
  private struct TraceReader {
    let file: DataFile
    let workload: Scenario.Workload?
    var entries: [Scenario.Trace.Entry] = []
    var problems: [ScenarioProblem] = []
    private var columns: [String] = []
    private var lastOffset: Int64 = 0
    private var isCutShort = false
    private static let problemLimit = 10

    init(file: DataFile, workload: Scenario.Workload?) {
      self.file = file
      self.workload = workload
    }

    /// Reads a row; returns whether to go on.
    mutating func read(_ fields: [DataFile.Field], line: Int) -> Bool {
      if columns.isEmpty { return readHeader(fields, line) }
      guard fields.count == columns.count else {
        report("the line has \(fields.count) fields, and the first one names \(columns.count)", line, fields[0])
        return false
      }
      guard entries.count < ScenarioBuilder.traceEntryLimit else {
        report("a trace has at most \(ScenarioBuilder.traceEntryLimit) messages", line, fields[0], .outOfRange)
        return false
      }
      var entry = Scenario.Trace.Entry(offsetNanoseconds: lastOffset, byteCount: nil, keyIndex: nil)
      for (column, field) in zip(columns, fields) {
        switch column {
        case "offset_ns": readOffset(field, line, &entry)
        case "size": readSize(field, line, &entry)
        case "key": readKey(field, line, &entry)
        default: readPriority(field, line)
        }
      }
      entries.append(entry)
      if problems.count >= Self.problemLimit { isCutShort = true }
      return !isCutShort
    }

    /// Says that there may be more, at the last mistake that was looked for.
    mutating func finish() {
      guard isCutShort, let last = problems.last else { return }
      problems.append(
        .init(
          last.code, "after \(Self.problemLimit) mistakes the lines below were not read", at: last.position,
          suggestion: "they may have more of them"))
    }

    private mutating func readHeader(_ fields: [DataFile.Field], _ line: Int) -> Bool {
      columns = fields.map { String($0.text) }
      if columns.first == "\u{FEFF}offset_ns" { columns[0] = "offset_ns" }
      for (index, field) in fields.enumerated() {
        if !ScenarioBuilder.traceColumns.contains(columns[index]) {
          report(
            "a trace has no column `\(field.text)`", line, field, .unknownKey,
            Spelling.suggestion(for: String(field.text), among: ScenarioBuilder.traceColumns)
              ?? "its first line names the columns: \(ScenarioBuilder.traceColumns.joined(separator: ","))")
        } else if columns[..<index].contains(columns[index]) {
          report("the column `\(field.text)` stands twice", line, field, .duplicateKey)
        }
      }
      if problems.isEmpty, !columns.contains("offset_ns") {
        report("a trace needs the column `offset_ns`", line, fields[0], .missingKey)
      }
      return problems.isEmpty
    }

    private mutating func readOffset(_ field: DataFile.Field, _ line: Int, _ entry: inout Scenario.Trace.Entry) {
      guard let offset = Int64(field.text), offset >= 0, offset <= KeyTable.longest else {
        report("`\(field.text)` is not a time in nanoseconds of at most a day", line, field)
        return
      }
      if offset < lastOffset {
        report(
          "the offset \(offset) is before that of the line above, \(lastOffset)", line, field, .outOfRange,
          "sort the lines by time")
      }
      lastOffset = max(lastOffset, offset)
      entry.offsetNanoseconds = lastOffset
    }

    private mutating func readSize(_ field: DataFile.Field, _ line: Int, _ entry: inout Scenario.Trace.Entry) {
      guard !field.text.isEmpty else { return }
      guard let size = Int64(field.text) else {
        report("`\(field.text)` is not a number of bytes", line, field)
        return
      }
      if let workload, workload.pattern == .ring {
        let item = workload.producerGroups[0].payloadByteCount
        if size != item {
          report(
            "the items of this ring have \(item)B, not \(size)B", line, field, .conflict, "leave the column `size` out")
        }
      } else if let problem = DistributionUnit.payload.problem(size) {
        report(problem.message, line, field, problem.code, problem.suggestion)
      }
      entry.byteCount = Int(size)
    }

    private mutating func readKey(_ field: DataFile.Field, _ line: Int, _ entry: inout Scenario.Trace.Entry) {
      guard !field.isLeftOut, let workload else { return }
      let keys = workload.producerGroups[0].keys
      if workload.producerGroups.contains(where: { $0.keys != keys }) {
        report(
          "the producers use different routing keys, so that a message of the trace could not be given to any of them",
          line, field, .conflict, "give all producers the same `keys`, or leave the column `key` out")
      } else if let index = keys.firstIndex(of: String(field.text)) {
        entry.keyIndex = index
      } else {
        report(
          "no producer uses the routing key `\(field.text)`", line, field, .unknownReference,
          Spelling.suggestion(for: String(field.text), among: keys)
            ?? (keys.isEmpty ? "a ring has no routing keys" : "there is \(Spelling.list(keys))"))
      }
    }

    private mutating func readPriority(_ field: DataFile.Field, _ line: Int) {
      guard !field.text.isEmpty, field.text != "0" else { return }
      if Int64(field.text) == nil {
        report("`\(field.text)` is not a priority", line, field)
      } else {
        report("a priority other than 0 is not supported yet", line, field, .notSupportedYet)
      }
    }

    private mutating func report(
      _ message: String, _ line: Int, _ field: DataFile.Field, _ code: ScenarioProblem.Code = .invalidValue,
      _ suggestion: String? = nil
    ) {
      problems.append(
        .init(
          code, message, at: .init(file: file.path, line: line, column: field.column), suggestion: suggestion))
    }
  }
}
