import ResultModel

/// The command that measures a result again: the scenario with the environment variables that it took, with what the command line
/// changed in it, and the seed.
struct ReproductionCommand {
  private let result: RunResult

  init(_ result: RunResult) { self.result = result }

  /// One line for a shell.
  var text: String {
    let overrides =
      (result.scenario.overrides ?? []).filter { !$0.hasPrefix("seed=") } + ["seed=\(result.scenario.seed)"]
    let settings = overrides.map { "--set \(Self.quoted($0))" }
    return (assignments + ["ringside"] + subcommand + [Self.quoted(result.scenario.path)] + settings).joined(
      separator: " ")
  }

  /// The environment variables that the scenario took. A name that no shell assigns to is left to `env`.
  private var assignments: [String] {
    let variables = (result.scenario.variables ?? [:]).sorted { $0.key < $1.key }
    let isPlain = variables.allSatisfy { $0.key.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil }
    return isPlain
      ? variables.map { "\($0.key)=\(Self.quoted($0.value))" }
      : ["env"] + variables.map { Self.quoted("\($0.key)=\($0.value)") }
  }

  /// A run of several builds is a duel of their binaries.
  private var subcommand: [String] {
    let binaries = result.variants.compactMap { variant -> String? in
      guard variant.tool != nil, case .string(let path) = variant.parameters["binary"] else { return nil }
      return Self.quoted(path)
    }
    return binaries.isEmpty ? ["run"] : ["duel"] + binaries
  }

  /// A word as it is where a shell takes it so, else between quotes.
  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "./_-=:,%@+".utf8.contains(byte)
      }
    }
    return plain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
