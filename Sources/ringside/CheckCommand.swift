internal import ArgumentParser
internal import ScenarioModel

/// Says what is wrong with a scenario, without running it.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say everything that is wrong with a scenario, without running it.",
    discussion: """
      Exits with 0 when the scenario is valid, 65 when it is not, 66 when there is no such file.

      EXAMPLE
        ringside check my.yaml --set load.constant=50k/s
      """)

  @OptionGroup var scenario: ScenarioArguments

  func run() throws {
    let loaded = try scenario.load()
    let count = loaded.variants.count
    let variants = count > 1 ? ", \(count) variants" : ""
    try StandardStream.output.write("\(scenario.file): valid (scenario \(loaded.first.name)\(variants))\n")
  }
}
