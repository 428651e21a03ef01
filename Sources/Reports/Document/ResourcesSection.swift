import ResultModel

/// What a message cost: processor, memory, switches.
struct ResourcesSection {
  private let result: RunResult
  private let merged: [MergedVariant]

  init(_ result: RunResult, _ merged: [MergedVariant]) {
    self.result = result
    self.merged = merged
  }

  var blocks: [ReportBlock] {
    let rows = zip(result.variants, merged).flatMap { variant, merged in
      merged.phases.filter { $0.sampleType == .normal }.compactMap { row(variant, $0) }
    }
    guard !rows.isEmpty else { return [] }
    return [
      .heading("Resources per message"),
      .table(
        ReportTable(
          caption:
            "Of all trials together; allocated bytes are those of the data-path threads, the most of any trial. What was "
            + "allocated once, as buffers grew in the first half of a phase, is not shared out among its messages",
          header: [
            "variant", "phase", "CPU", "allocated", "switches waited", "switches forced", "peak memory",
            "verification",
          ], rows: rows, rightColumns: [2, 3, 4, 5, 6, 7])),
    ]
  }

  private func row(_ variant: VariantResult, _ phase: MergedVariant.Phase) -> [ReportTable.Cell]? {
    let used = phase.parts.compactMap(\.resources)
    guard !used.isEmpty else { return nil }
    let messages = Double(max(1, phase.parts.reduce(0) { $0 + $1.counts.received }))
    let cpu = used.reduce(0) { $0 + $1.cpuUserNanoseconds + $1.cpuSystemNanoseconds }
    func perMessage(_ path: KeyPath<ResourceUsageSummary, Int>) -> ReportTable.Cell {
      .init(QuantityText.significant(Double(used.reduce(0) { $0 + $1[keyPath: path] }) / messages))
    }
    let costs = phase.checks.compactMap { $0?.costNanosecondsPerMessage }
    return [
      .init(variant.slug), .init(phase.name), .init(QuantityText.duration(nanoseconds: Double(cpu) / messages)),
      .init(Self.allocated(used)),
      perMessage(\.contextSwitchesVoluntary), perMessage(\.contextSwitchesInvoluntary),
      .init(QuantityText.bytes(used.map(\.residentPeakBytes).max() ?? 0)),
      .init(costs.max().map { QuantityText.duration(nanoseconds: $0) } ?? "–"),
    ]
  }

  private static func allocated(_ used: [ResourceUsageSummary]) -> String {
    guard let bytes = used.compactMap(\.allocatedBytesPerMessage).max() else { return "unknown" }
    let once = used.compactMap(\.allocatedBytesOnce).max().map { ", \(QuantityText.bytes($0)) once" }
    return "\(QuantityText.significant(bytes)) B" + (once ?? "")
  }
}
