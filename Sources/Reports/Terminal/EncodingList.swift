import ResultModel

/// What encoding costs in each variant of a matrix, in one table: medians over the trials. Variants whose bodies travel as they are
/// stand among the others for comparison.
struct EncodingList {
  let variants: [VariantResult]
  let merged: [MergedVariant]
  let style: TerminalStyle

  /// Whether nothing is encoded in any variant.
  var isEmpty: Bool { !variants.contains { $0.summary.keys.contains { $0.hasPrefix(Self.size) } } }

  private static let size = "encoded_bytes_per_message"

  var lines: [String] {
    let header = ["variant", "phase", "encode p50", "decode p50", "encoded", "allocated", "CPU per message"]
    let rows = zip(variants, merged).flatMap { variant, merged in
      let names = merged.phases.filter { $0.sampleType == .normal }.map(\.name)
      return names.map { row(variant, phase: $0, isOnlyPhase: names.count == 1) }
    }
    let lines = TextTable(rows: ([header] + rows).map { $0.map(style.fit) }, rightColumns: [2, 3, 4, 5, 6]).lines
    return [style.paint(lines[0], .bold)] + lines.dropFirst()
  }

  private func row(_ variant: VariantResult, phase: String, isOnlyPhase: Bool) -> [String] {
    func cell(_ metric: String, _ text: (Double) -> String) -> String {
      variant.summary[isOnlyPhase ? metric : "\(metric)@\(phase)"].map { text($0.median) } ?? "–"
    }
    let time = { (value: Double) in QuantityText.duration(nanoseconds: value) }
    let bytes = { (value: Double) in "\(QuantityText.significant(value)) B" }
    return [
      variant.slug + (variant.baseline ? "*" : ""), phase, cell("encode_time.p50", time), cell("decode_time.p50", time),
      cell(Self.size, bytes), cell("allocated_bytes_per_message", bytes), cell("cpu_per_message", time),
    ]
  }
}
