public import ResultModel

/// A run in a screenful, for people: what was run where, the figures of each phase, what must be said beside them, and
/// the verdict as the last line.
public struct TerminalSummary: Sendable {
  /// The whole summary, a newline after every line.
  public let text: String

  /// Of more variants than this only those in which something was wrong are shown in full; the files have all.
  private static let variantsInFull = 6
  /// And no more than so many of those.
  private static let wrongVariantsInFull = 50

  /// The summary of `result`, whose files are in `directory`.
  public init(_ result: RunResult, directory: String?, style: TerminalStyle) {
    var lines = ResultNotes.banners(of: result).map { style.paint(style.fit("!! \($0)"), .red) }
    lines += Self.header(result, style)
    let merged = result.variants.map { MergedVariant($0, showsDisturbed: true) }
    lines += Self.blocks(result, merged, style)
    if merged.count > 1 { lines += [""] + VariantList(variants: result.variants, merged: merged, style: style).lines }
    let encodings = EncodingList(variants: result.variants, merged: merged, style: style)
    if merged.count > 1, !encodings.isEmpty { lines += [""] + encodings.lines }
    let objectives = ObjectiveList(result.verdicts, style: style).lines
    if !objectives.isEmpty { lines += [""] + objectives }
    let capacities = CapacityLines(result, style: style).lines
    if !capacities.isEmpty { lines += [""] + capacities }
    let comparisons = ComparisonTable(result.comparisons, style: style).lines
    if !comparisons.isEmpty { lines += [""] + comparisons }
    if let rules = ComparisonSection.rules(of: result) { lines.append(style.paint(style.fit(rules), .dim)) }
    let notes = ResultNotes.notes(of: result, merged)
    if !notes.isEmpty { lines.append("") }
    lines += notes.map { style.paint("! " + style.fit($0), .yellow) }
    lines += [""] + VerdictLines(result: result, directory: directory, style: style).lines
    text = style.wrapped(lines.map { $0 + "\n" }.joined())
  }

  /// The phases of each variant that is shown in full: the warm-up only when something was wrong in it.
  private static func blocks(_ result: RunResult, _ merged: [MergedVariant], _ style: TerminalStyle) -> [String] {
    var shown = Array(zip(result.variants, merged))
    var more: [String] = []
    if shown.count > variantsInFull {
      shown.removeAll { !$1.phases.contains(where: \.isWrong) }
      if shown.count > wrongVariantsInFull {
        more = [
          "", "and \(shown.count - wrongVariantsInFull) more variants in which something was wrong: see the files",
        ]
      }
    }
    return shown.prefix(wrongVariantsInFull).flatMap { variant, merged in
      let heading = result.variants.count > 1 ? ["", style.paint(style.fit(title(variant)), .bold)] : []
      let phases = merged.phases.filter { $0.sampleType == .normal || $0.isWrong }
      return heading + phases.flatMap { [""] + PhaseBlock(phase: $0, style: style).lines }
    } + more
  }

  private static func header(_ result: RunResult, _ style: TerminalStyle) -> [String] {
    var what = [result.scenario.name]
    if let pattern = result.scenario.pattern { what.append(pattern) }
    what.append(
      "\(TrialCounts(of: result.variants).text) in "
        + QuantityText.duration(nanoseconds: result.durationNanoseconds))

    let tool = result.tool
    let revision = tool.gitSHA.isEmpty ? "" : " (\(tool.gitSHA.prefix(9)))"
    let build = "\(tool.name) \(tool.version)\(revision), \(tool.build.allocatorVersion)"
    let machine = result.time == .virtual ? [simulation(result)] : Self.machine(result)
    return [
      style.paint(style.fit(what.joined(separator: " · ")), .bold),
      style.paint(style.fit((machine + [build]).joined(separator: " · ")), .dim),
    ]
  }

  /// A simulation has no cores, and no clock but its own.
  private static func simulation(_ result: RunResult) -> String {
    "simulated: \(Words.plural(result.variants.compactMap(\.threads).max() ?? 0, "worker")) on one thread"
  }

  private static func machine(_ result: RunResult) -> [String] {
    let environment = result.environment
    var place = Words.plural(environment.cores, "core")
    if let threads = result.variants.compactMap(\.threads).max() {
      place = "\(Words.plural(threads, "thread")) on \(place)"
    }
    if let transfer = environment.lineTransfer {
      place +=
        ", \(distance(transfer, environment.lineTransferAfter)) "
        + "(\(QuantityText.duration(nanoseconds: transfer.p50)) per cache line)"
    }
    let clock = environment.clock
    let time =
      "\(clock.name ?? "clock"): step \(QuantityText.duration(nanoseconds: clock.quantumNanoseconds)), "
      + "read \(QuantityText.duration(nanoseconds: clock.readCostNanoseconds))"
    return [place, time]
  }

  /// Near or far, or both when the cores came to lie otherwise during the run.
  private static func distance(_ before: LineTransfer, _ after: LineTransfer?) -> String {
    let words = { (transfer: LineTransfer) in transfer.isNear ? "near" : "far" }
    guard let after, after.isNear != before.isNear else { return words(before) }
    return "\(words(before)), then \(words(after))"
  }

  private static func title(_ variant: VariantResult) -> String {
    variant.slug + (variant.baseline ? " (baseline)" : "") + " · " + variant.id
  }
}
