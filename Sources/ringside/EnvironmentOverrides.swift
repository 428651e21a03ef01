internal import Foundation
internal import ResultModel

/// `RINGSIDE_*` environment variables, which override options, so that a CI job can change what a script passes.
struct EnvironmentOverrides {
  private let variables: [String: String]

  /// What the variables are and which option each one overrides, for the help text.
  static let help = """
    Environment variables override options:
      RINGSIDE_OUTPUT=DIR        --output
      RINGSIDE_QUIET=1           --quiet
      RINGSIDE_JSON=1            --json
      RINGSIDE_NOISE_PROBE=0     --no-noise-probe
      RINGSIDE_STRICT=1          --strict
      RINGSIDE_REPORT_IMPROVEMENT=1   --report-improvement
      RINGSIDE_REQUIRE_BASELINE=1     --require-baseline
      RINGSIDE_SHOW=queues       --show, one table or several with commas between
      RINGSIDE_SET='a.b=1;c=2'   further --set, after those of the command line
      NO_COLOR=1                 no colours on a terminal
      COLUMNS=60                 how wide the summary and the plan may be
    """

  init(_ variables: [String: String] = ProcessInfo.processInfo.environment) { self.variables = variables }

  /// The value of `RINGSIDE_<name>`; an empty one counts as not set.
  func text(_ name: String) -> String? {
    guard let value = variables["RINGSIDE_\(name)"], !value.isEmpty else { return nil }
    return value
  }

  /// A switch: `1 true yes on` or `0 false no off`.
  func flag(_ name: String) throws -> Bool? {
    guard let value = text(name) else { return nil }
    switch value.lowercased() {
    case "1", "true", "yes", "on": return true
    case "0", "false", "no", "off": return false
    default: throw CommandFailure(.usage, "RINGSIDE_\(name) is `\(value)`; use 1 or 0")
    }
  }

  /// Items separated by `;`.
  func list(_ name: String) -> [String] {
    (text(name) ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
