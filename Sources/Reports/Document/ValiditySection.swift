import ResultModel

/// Whether the figures may be believed: load, verification, noise of the machine, lag of the generator, trials that do not count.
struct ValiditySection {
  private let result: RunResult
  private let merged: [MergedVariant]

  init(_ result: RunResult, _ merged: [MergedVariant]) {
    self.result = result
    self.merged = merged
  }

  var blocks: [ReportBlock] {
    let rows = [load, verification, noise, lag, dropped].compactMap { $0 }
    let labels = Set(result.variants.flatMap(\.trials).flatMap(\.phases).flatMap(\.labels))
    let sentences = ResultNotes.sentences(for: labels.sorted { $0.rawValue < $1.rawValue })
    return [
      .heading("Validity"),
      .table(
        ReportTable(
          caption: "Whether the figures may be believed", header: ["what", "finding"], rows: rows, proseColumns: [1])),
      .list(ResultNotes.notes(of: result, merged) + sentences, tone: .warning),
    ]
  }

  private var trials: [TrialResult] { result.variants.flatMap(\.trials) }

  private var load: [ReportTable.Cell] {
    let failed = result.verdicts.filter { ($0.kind == .load || $0.kind == .trial) && !$0.ok }
    guard !failed.isEmpty || trials.contains(where: { !$0.phases.isEmpty }) else {
      return ["load delivered", .init("nothing was measured", tone: .warning)]
    }
    return ["load delivered", failed.isEmpty ? .init("yes", tone: .good) : .init("no", tone: .bad)]
  }

  private var verification: [ReportTable.Cell] {
    let checks = merged.flatMap(\.phases).flatMap(\.checks)
    let found = checks.compactMap { $0 }
    guard !found.isEmpty else {
      return ["verified", .init(checks.isEmpty ? "nothing counts" : "no: verification was off", tone: .warning)]
    }
    func sum(_ path: KeyPath<VerificationCounts, Int>) -> String {
      QuantityText.count(found.reduce(0) { $0 + $1[keyPath: path] })
    }
    let text =
      "\(sum(\.verified)) messages: \(sum(\.lost)) lost, \(sum(\.duplicated)) duplicated, \(sum(\.reordered)) reordered, "
      + "\(sum(\.corrupted)) corrupted"
    return ["verified", .init(text, tone: found.allSatisfy(\.isClean) ? .good : .bad)]
  }

  private var noise: [ReportTable.Cell]? {
    guard let noise = result.environment.noise else { return nil }
    var parts: [String] = []
    if let variation = noise.aaCPUVariation { parts.append("computing varies by \(percent(variation * 100))") }
    if let variation = noise.aaMemoryVariation { parts.append("memory by \(percent(variation * 100))") }
    if let steal = noise.stealPercent { parts.append("\(percent(steal)) stolen") }
    if let hiccup = noise.hiccupP99Nanoseconds {
      parts.append("hiccup p99 \(QuantityText.duration(nanoseconds: hiccup))")
    }
    guard !parts.isEmpty else { return nil }
    let isNoisy = result.verdicts.contains { $0.kind == .environment && !$0.ok }
    return ["host noise", .init(parts.joined(separator: ", "), tone: isNoisy ? .warning : .neutral)]
  }

  private var lag: [ReportTable.Cell]? {
    let lags = merged.flatMap(\.phases).filter { $0.sampleType == .normal }.flatMap(\.series)
      .filter { $0.name == "send_delay" }.compactMap { $0.summary.percentiles["99"] }
    guard let largest = lags.max() else { return nil }
    return ["generator lag p99", .init("\(QuantityText.duration(nanoseconds: largest)) at most")]
  }

  private var dropped: [ReportTable.Cell] {
    let wrong = trials.filter { $0.status != .ok }
    guard !wrong.isEmpty else { return ["trials that do not count", .init("none of \(trials.count)")] }
    var counts: [String: Int] = [:]
    for trial in wrong { counts[trial.status.rawValue, default: 0] += 1 }
    let kinds = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return ["trials that do not count", .init("\(kinds), of \(trials.count)", tone: .warning)]
  }

  private func percent(_ value: Double) -> String { "\(QuantityText.significant(value)) %" }
}
