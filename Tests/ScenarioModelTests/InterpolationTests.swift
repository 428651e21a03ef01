import ScenarioModel
import Testing

/// What replacing variables leaves behind for repeating a run.
@Suite struct InterpolationTests {
  /// A rate from the environment used to be missing in the command that repeats a run.
  @Test func variablesOfTheEnvironmentThatWereTakenAreKept() throws {
    let environment = ["RATE": "7k/s", "UNUSED": "1", "own": "of the environment", "INNER": "5s"]
    let text = "vars: { own: 2k/s, r: \"${RATE:-20k/s}\" }\nload: { constant: \"${r}\", for: \"${GONE:-${INNER}}\" }"
    #expect(
      try TestFiles(text, environment: environment).loadVariants().environment == ["RATE": "7k/s", "INNER": "5s"])
    #expect(try TestFiles("load: { constant: \"${RATE:-20k/s}\", for: 1s }").loadVariants().environment.isEmpty)
    #expect(
      try TestFiles(
        "vars: { n: \"${PREFETCH}\" }\nload: { constant: 1k/s, for: \"${d}\" }\nmatrix: { vars.d: [1s, 2s] }",
        environment: ["PREFETCH": "3", "RATE": "1k/s"]
      ).loadVariants().environment == ["PREFETCH": "3"])
  }
}
