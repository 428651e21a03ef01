import ResultModel
import Statistics

/// The lines of one phase of one variant, all its sound trials together.
struct PhaseBlock {
  let phase: MergedVariant.Phase
  let style: TerminalStyle

  /// The series that people ask for first; the others are in the files.
  private static let shownSeries = [
    "latency", "service_time", "send_delay", "confirm_time", "queue_time", "eta_error", "handler_time", "result_time",
    "encode_time", "decode_time",
  ]

  var lines: [String] {
    [title, traffic] + [detours].compactMap { $0 } + table
      + [backlog, verification, faults, recovery, resources].compactMap { $0 } + labels
  }

  private var first: PhaseResult { phase.parts[0] }

  private var title: String {
    var parts = [phase.name]
    if let load = first.load { parts.append(load) }
    parts.append(QuantityText.duration(nanoseconds: first.durationNanoseconds))
    // A backlog's is on a line of its own; one that is too short to see in the throughput says nothing.
    if first.backlog == nil, let drain = first.drainNanoseconds, drain > first.durationNanoseconds / 100 {
      parts.append("drain \(QuantityText.duration(nanoseconds: drain))")
    }
    if phase.parts.count > 1 { parts.append("\(phase.parts.count) trials merged") }
    return style.paint(style.fit(parts.joined(separator: " · ")), .bold)
  }

  private var traffic: String {
    let throughput = median(phase.parts.map(\.rates.receivedPerSecond))
    let bytes = median(phase.parts.map(\.rates.bytesPerSecond))
    var details: [String] = []
    let offered = phase.parts.compactMap(\.rates.offeredPerSecond)
    if !offered.isEmpty { details.append("offered \(QuantityText.rate(perSecond: median(offered)))") }
    if bytes > 0 { details.append(QuantityText.byteRate(perSecond: bytes)) }
    let suffix = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
    return
      "  sent \(QuantityText.count(total(\.counts.sent)))  received \(QuantityText.count(total(\.counts.received)))"
      + "  throughput \(QuantityText.rate(perSecond: throughput))\(suffix)"
  }

  /// What became of messages that did not simply arrive; nil when all did.
  private var detours: String? {
    let counts = phase.parts.map(\.counts.detours)
    let parts = counts[0].indices.compactMap { index -> String? in
      let count = counts.reduce(0) { $0 + $1[index].count }
      return count == 0 ? nil : "\(QuantityText.count(count)) \(counts[0][index].words)"
    }
    return parts.isEmpty ? nil : "  " + style.paint(style.fit(parts.joined(separator: ", ")), .yellow)
  }

  private var backlog: String? {
    let found = phase.parts.compactMap(\.backlog)
    guard !found.isEmpty else { return nil }
    func half(_ nanoseconds: (BacklogSummary) -> Int64, _ rate: (BacklogSummary) -> Double) -> String {
      "in \(QuantityText.duration(nanoseconds: median(found.map { Double(nanoseconds($0)) }))) "
        + "(\(QuantityText.rate(perSecond: median(found.map(rate)))))"
    }
    return style.fit(
      "  backlog built \(half(\.buildNanoseconds, \.builtPerSecond)), "
        + "drained \(half(\.drainNanoseconds, \.drainedPerSecond))")
  }

  private var table: [String] {
    let shown = phase.series.filter { Self.shownSeries.contains($0.name) }
    guard !shown.isEmpty else { return [] }
    let percentiles = ["50", "90", "99", "99.9"]
    let header = [""] + percentiles.map { "p\($0)" } + ["max", "min to max, log axes"]
    let rows = shown.map { series in
      let cells = percentiles.map { name -> String in
        guard series.summary.supported.contains(name), let value = series.summary.percentiles[name] else { return "–" }
        return QuantityText.duration(nanoseconds: value)
      }
      return [series.name] + cells + [
        QuantityText.duration(nanoseconds: series.summary.max), Sparkline.text(series.histogram, style: style),
      ]
    }
    let fitted = ([header] + rows).map { $0.dropLast().map(style.fit) + [$0.last ?? ""] }
    let lines = { (rows: [[String]]) in
      TextTable(rows: rows, rightColumns: Set(1...(percentiles.count + 1))).lines.map { "  " + $0 }
    }
    let whole = lines(fitted)
    // The figures matter more than the picture.
    let isTooWide = whole.contains { $0.count > style.columnCount ?? .max }
    return isTooWide ? lines(fitted.map { $0.dropLast() }) : whole
  }

  private var verification: String? {
    let found = phase.checks.compactMap { $0 }
    guard !found.isEmpty else { return "  " + style.paint("not verified", .yellow) }
    func sum(_ path: KeyPath<VerificationCounts, Int>) -> String {
      QuantityText.count(found.map { $0[keyPath: path] }.reduce(0, +))
    }
    let isClean = found.allSatisfy(\.isClean)
    let counts =
      "verified \(sum(\.verified)) messages: \(sum(\.lost)) lost, \(sum(\.duplicated)) duplicated, "
      + "\(sum(\.reordered)) reordered, \(sum(\.corrupted)) corrupted"
    let costs = found.compactMap(\.costNanosecondsPerMessage)
    let cost =
      costs.isEmpty ? "" : "; verification cost \(QuantityText.duration(nanoseconds: median(costs))) per message"
    let named = isClean ? [] : examples(in: found.flatMap(\.examples)).map { "\n    \($0)" }
    return "  " + style.paint(counts, isClean ? .green : .red) + style.fit(cost + named.joined())
  }

  /// A few examples of each kind of violation, so that many of one do not hide another; a kind is the word before the colon.
  private func examples(in all: [String]) -> [String] {
    var countByKind: [Substring: Int] = [:]
    return all.filter { example in
      let kind = example.prefix { $0 != ":" }
      countByKind[kind, default: 0] += 1
      return countByKind[kind, default: 0] <= 3
    }
  }

  /// What was broken on purpose, and whether the verification saw it.
  private var faults: String? {
    let found = phase.parts.flatMap { $0.faults ?? [] }
    var kinds: [String] = []
    for fault in found where !kinds.contains(fault.kind) { kinds.append(fault.kind) }
    guard !kinds.isEmpty else { return nil }
    var isMissed = false
    let parts = kinds.map { (kind: String) -> String in
      let alike = found.filter { $0.kind == kind }
      let injected = alike.reduce(0) { $0 + $1.injected }
      let planned = alike.reduce(0) { $0 + ($1.planned ?? $1.injected) }
      if injected < planned {
        return "\(kind) \(QuantityText.count(injected)) of \(QuantityText.count(planned)) happened"
      }
      guard alike.contains(where: { $0.detected != nil }) else { return "\(QuantityText.count(injected)) \(kind)" }
      let detected = alike.reduce(0) { $0 + ($1.detected ?? 0) }
      if detected < injected { isMissed = true }
      return "\(QuantityText.count(injected)) \(kind) (\(QuantityText.count(detected)) detected)"
    }
    return "  " + style.paint("broken on purpose: " + parts.joined(separator: ", "), isMissed ? .red : .yellow)
  }

  /// How long after a fault the objectives held again, at the longest; nil when that was not measured.
  private var recovery: String? {
    guard phase.parts.contains(where: { $0.faults != nil }) else { return nil }
    let unrecovered = phase.parts.count { ($0.unrecoveredFaults ?? 0) > 0 }
    guard unrecovered == 0 else {
      let trials = phase.parts.count > 1 ? " in \(unrecovered) of \(phase.parts.count) trials" : ""
      return "  " + style.paint("not recovered from a fault by the end of the phase\(trials)", .yellow)
    }
    return phase.parts.compactMap(\.recoveryTimeNanoseconds).max().map {
      style.fit("  recovered \(QuantityText.duration(nanoseconds: $0)) after the end of a fault, at the latest")
    }
  }

  private var resources: String? {
    let used = phase.parts.compactMap(\.resources)
    guard !used.isEmpty else { return nil }
    let allocated = used.compactMap(\.allocatedBytesPerMessage).max()
    // Buffers that grew to their size cost no message anything.
    let once = used.compactMap(\.allocatedBytesOnce).max().map { ", \(QuantityText.bytes($0)) once" } ?? ""
    let encoded = phase.parts.compactMap(\.encodedBytesPerMessage)
    let parts =
      (encoded.isEmpty ? [] : ["\(QuantityText.significant(median(encoded))) bytes encoded"]) + [
        allocated.map { "\(QuantityText.significant($0)) bytes allocated per message\(once)" }
          ?? "allocated bytes unknown (no jemalloc)",
        "peak memory \(QuantityText.bytes(used.map(\.residentPeakBytes).max() ?? 0))",
        "CPU \(QuantityText.duration(nanoseconds: median(used.map(\.cpuNanosecondsPerMessage)))) per message",
      ]
    return style.fit("  " + parts.joined(separator: " · "))
  }

  private var labels: [String] {
    var seen: [PhaseLabel] = []
    for label in phase.parts.flatMap(\.labels) where !seen.contains(label) { seen.append(label) }
    let disturbed = "disturbed: these figures do not count, because every trial was beyond a limit of trials.disturbed"
    return ((phase.isDisturbed ? [disturbed] : []) + ResultNotes.sentences(for: seen)).map {
      "  " + style.paint("! " + style.fit($0), .yellow)
    }
  }

  private func total(_ path: KeyPath<PhaseResult, Int>) -> Int { phase.parts.map { $0[keyPath: path] }.reduce(0, +) }

  private func median(_ values: [Double]) -> Double { SampleStatistics.median(values) ?? 0 }
}
