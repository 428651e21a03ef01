import ResultModel

/// One live line about a run, rewritten in place. It only makes text; whoever has the terminal writes it to stderr.
public struct ProgressLine: Sendable {
  /// What the line tells.
  public struct Snapshot: Sendable, Equatable {
    /// Which phase, with whatever tells it apart: `main`, `v03-json-fair 2/10 main`.
    public var phase: String
    /// How long the phase has been going on.
    public var elapsedNanoseconds: Int64
    /// How long it will take; absent where a count of messages ends it.
    public var totalNanoseconds: Int64?
    /// Messages received per second lately.
    public var ratePerSecond: Double
    /// The 99th percentile lately, of `series`; absent when nothing was recorded.
    public var p99Nanoseconds: Int64?
    /// Which series `p99Nanoseconds` is of.
    public var series: String

    /// A moment of a phase.
    public init(
      phase: String, elapsedNanoseconds: Int64, totalNanoseconds: Int64? = nil, ratePerSecond: Double,
      p99Nanoseconds: Int64? = nil, series: String = "latency"
    ) {
      self.phase = phase
      self.elapsedNanoseconds = elapsedNanoseconds
      self.totalNanoseconds = totalNanoseconds
      self.ratePerSecond = ratePerSecond
      self.p99Nanoseconds = p99Nanoseconds
      self.series = series
    }
  }

  private let isShown: Bool
  private let style: TerminalStyle
  private let width: Int

  /// A line on a terminal `width` columns wide; silent where there is no terminal or nothing is wanted.
  public init(isTerminal: Bool, isQuiet: Bool, style: TerminalStyle, width: Int = 80) {
    isShown = isTerminal && !isQuiet
    self.style = style
    self.width = width
  }

  /// What to write to show `snapshot` in place of the line before; empty when silent.
  public func text(_ snapshot: Snapshot) -> String {
    guard isShown else { return "" }
    // The last column stays free: writing into it may wrap, and then the line could not be rewritten.
    return "\r\u{1B}[2K" + String(style.fit(line(snapshot)).prefix(max(0, width - 1)))
  }

  /// What to write to remove the line; empty when silent.
  public var clearing: String { isShown ? "\r\u{1B}[2K" : "" }

  private func line(_ snapshot: Snapshot) -> String {
    var parts = [snapshot.phase]
    let elapsed = Self.seconds(snapshot.elapsedNanoseconds)
    if let total = snapshot.totalNanoseconds {
      parts.append("\(bar(snapshot.elapsedNanoseconds, of: total)) \(elapsed)/\(Self.seconds(total)) s")
    } else {
      parts.append("\(elapsed) s")
    }
    parts.append(QuantityText.rate(perSecond: snapshot.ratePerSecond))
    if let p99 = snapshot.p99Nanoseconds {
      parts.append("\(snapshot.series) p99 \(QuantityText.duration(nanoseconds: p99))")
    }
    return parts.joined(separator: "  ")
  }

  private func bar(_ elapsed: Int64, of total: Int64) -> String {
    let share = total > 0 ? min(max(Double(elapsed) / Double(total), 0), 1) : 1
    let full = Int((share * 10).rounded())
    let signs = style.usesUnicode ? ("█", "░") : ("#", ".")
    return String(repeating: signs.0, count: full) + String(repeating: signs.1, count: 10 - full)
  }

  private static func seconds(_ nanoseconds: Int64) -> String {
    let tenths = max(0, nanoseconds) / 100_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}
