internal import ArgumentParser
internal import Foundation
internal import Platform
internal import Reports
internal import ScenarioModel

/// Shows what a run would do: variants, the order of the trials, phases, threads, time, and what every default became.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a run would do, and what every default became.",
    discussion: """
      EXAMPLE
        ringside plan Scenarios/quickstart.yaml
      """)

  @OptionGroup var scenario: ScenarioArguments

  @Option(help: "Plan a run with this profile: \(Profile.allCases.map(\.rawValue).joined(separator: ", ")).")
  var profile: Profile?

  func run() throws {
    let run = try scenario.load(EnvironmentOverrides(), profile: profile)
    let plan = RunPlan(of: run, coreCount: CPUTopology.coreCount)
    let style = TerminalStyle.detect(
      isTerminal: StandardStream.output.isTerminal, environment: ProcessInfo.processInfo.environment)
    try StandardStream.output.write(style.wrapped(plan.text))
  }
}
