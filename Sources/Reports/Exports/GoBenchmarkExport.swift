import ResultModel

/// The text of Go's benchmarks (golang.org/design/14313-benchmark-format): configuration lines, then a line for each trial with
/// its number of messages and pairs of value and unit. benchstat compares files of them.
enum GoBenchmarkExport {
  static func text(of result: RunResult) -> String {
    // Not `ringside-revision: …`: benchstat puts files whose configuration differs into tables of their own, and revisions are what is
    // compared. It passes over lines of another form.
    let revision = result.tool.gitSHA.isEmpty ? "unknown" : result.tool.gitSHA
    var lines = ["# ringside \(result.tool.version), revision \(revision)"]
    lines += ["goos: linux", "pkg: ringside/\(word(result.scenario.name))"]
    if let cpu = result.environment.cpuModel { lines.append("cpu: \(cpu)") }
    // benchstat does not put files with different lines of this kind beside each other.
    if !result.marks.isEmpty { lines.append("ringside-marks: \(result.markText)") }
    for phase in ExportedPhase.all(of: result) {
      let name =
        "Benchmark" + camelCase(result.scenario.name) + parameters(of: phase.variant) + "/phase=\(word(phase.name))"
      for (index, part) in phase.parts.enumerated() {
        lines.append(
          ([name, String(max(1, part.counts.received))] + figures(of: phase, at: index)).joined(separator: "\t"))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `sec/op` is what benchstat makes of `ns/op`; bytes gate exactly there as here.
  private static func figures(of phase: ExportedPhase, at index: Int) -> [String] {
    phase.metrics.flatMap { metric -> [String] in
      let value = metric.values[index]
      switch metric.name {
      case "throughput":
        return (value > 0 ? ["\(number(1e9 / value)) ns/op"] : []) + ["\(number(value)) messages/s"]
      case "allocated_bytes_per_message": return ["\(number(value)) B/op"]
      default: return ["\(number(value)) \(metric.name)-ns"]
      }
    }
  }

  private static func number(_ value: Double) -> String { JSONValue.number(value).text }

  private static func parameters(of variant: VariantResult) -> String {
    variant.parameters.sorted { $0.key < $1.key }.map { key, value in
      if case .string(let text) = value { "/\(word(key))=\(word(text))" } else { "/\(word(key))=\(word(value.text))" }
    }.joined()
  }

  /// A name has no blanks, and a slash begins a new part.
  private static func word(_ text: String) -> String {
    String(text.map { $0.isWhitespace || $0 == "/" ? "_" : $0 })
  }

  /// A benchmark's name begins with a capital letter: `work-queue` becomes `WorkQueue`.
  private static func camelCase(_ name: String) -> String {
    name.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
