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
    // A warm-up wanders: that is what it is there for.
    let phases = result.variants.flatMap(\.trials).flatMap(\.phases).filter { $0.sampleType == .normal }
    let labels = Set(phases.flatMap(\.labels))
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
    guard failed.isEmpty else {
      // A trial that died says nothing about the load of the others.
      let finding = failed.contains { $0.kind == .load } ? nil : result.failedTrials
      return ["load delivered", .init(finding ?? "no", tone: .bad)]
    }
    // A part of a load is neither delivered nor not.
    if result.status == .aborted || result.wasStopped {
      return ["load delivered", .init("stopped before its end", tone: .warning)]
    }
    return ["load delivered", .init("yes", tone: .good)]
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
    if let text = variation(noise.aaCPUVariation, noise.aaCPUVariationAfter) {
      parts.append("computing varies by \(text)")
    }
    if let text = variation(noise.aaMemoryVariation, noise.aaMemoryVariationAfter) { parts.append("memory by \(text)") }
    if let steal = noise.stealPercent { parts.append("\(percent(steal)) stolen") }
    if let pressure = noise.pressureCPUSomePercent {
      parts.append("others waited for a core \(percent(pressure)) of the time before")
    }
    if let pressure = noise.pressureCPURunPercent { parts.append("threads did so \(percent(pressure)) of the run") }
    if let pressure = noise.pressureMemoryRunPercent, pressure > 0 {
      parts.append("and for memory \(percent(pressure))")
    }
    if let hiccup = noise.hiccupP99Nanoseconds {
      parts.append("hiccup p99 \(QuantityText.duration(nanoseconds: hiccup))")
    }
    guard !parts.isEmpty else { return nil }
    let isNoisy = result.verdicts.contains { $0.kind == .environment && !$0.ok }
    return ["host noise", .init(parts.joined(separator: ", "), tone: isNoisy ? .warning : .neutral)]
  }

  /// How much identical work varied before the run and after it: the larger one is judged.
  private func variation(_ before: Double?, _ after: Double?) -> String? {
    switch (before, after) {
    case (let before?, let after?): "\(percent(before * 100)) before and \(percent(after * 100)) after"
    case (let share?, nil), (nil, let share?): percent(share * 100)
    case (nil, nil): nil
    }
  }

  private var lag: [ReportTable.Cell]? {
    let lags = merged.flatMap(\.phases).filter { $0.sampleType == .normal }.flatMap(\.series)
      .filter { $0.name == "send_delay" }.compactMap { $0.summary.percentiles["99"] }
    guard let largest = lags.max() else { return nil }
    return ["generator lag p99", .init("\(QuantityText.duration(nanoseconds: largest)) at most")]
  }

  private var dropped: [ReportTable.Cell] {
    // A rehearsal never counts, whatever happens.
    let trials = trials.filter { !$0.isRehearsal }
    let wrong = trials.filter { $0.status != .ok }
    guard !wrong.isEmpty else { return ["trials that do not count", .init("none of \(trials.count)")] }
    var counts: [String: Int] = [:]
    for trial in wrong { counts[trial.status.rawValue, default: 0] += 1 }
    let kinds = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return ["trials that do not count", .init("\(kinds), of \(trials.count)", tone: .warning)]
  }

  private func percent(_ value: Double) -> String { "\(QuantityText.significant(value)) %" }
}
