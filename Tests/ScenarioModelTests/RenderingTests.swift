import ScenarioModel
import Testing

@Suite struct RenderingTests {
  private func description(_ files: TestFiles, overrides: [String] = []) -> String {
    do throws(ScenarioProblems) {
      _ = try files.load(overrides: overrides)
      return "loaded"
    } catch {
      return error.description
    }
  }

  @Test func showsTheLineTheCaretAndTheSuggestion() {
    let text = "name: x\nworkload:\n  paylod: 64B\nload: { constant: 5 }\n"
    #expect(
      description(TestFiles(text)) == """
        s.yaml:3:3: error: `workload` has no key `paylod`
          3 |   paylod: 64B
            |   ^
            = did you mean `payload`?

        s.yaml:4:19: error: `5` has no unit; `load.constant` is a rate such as 50k/s
          4 | load: { constant: 5 }
            |                   ^
            = write 5/s (units: /s, /m, /h, after k, M, G)

        """)
  }

  @Test func namesTheOverride() {
    #expect(
      description(TestFiles("name: x"), overrides: ["load.constant=5s"]) == """
        --set load.constant=5s: error: `5s` is a duration; `load.constant` is a rate such as 50k/s
           | load.constant=5s
           |               ^
           = units: /s, /m, /h, after k, M, G

        """)
  }

  @Test func saysThatAFileIsMissingWithoutALine() {
    #expect(description(TestFiles(files: [:])) == "s.yaml: error: there is no file `s.yaml`\n")
  }

  @Test func keepsTheCaretUnderTabsAndWideLines() {
    let text = "name: \"" + String(repeating: "x", count: 300) + "\"\tx: 1"
    #expect(description(TestFiles(text)).split(separator: "\n").allSatisfy { $0.unicodeScalars.count < 200 })
  }

  @Test func putsTheCaretAfterWideCharacters() {
    let rendered = description(TestFiles("{ description: \"häß\", nmae: x }"))
    let lines = rendered.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1].unicodeScalars.count > 0)
    let caret = lines[2].unicodeScalars.firstIndex(of: "^").map {
      lines[2].unicodeScalars.distance(from: lines[2].startIndex, to: $0)
    }
    let key = Array(lines[1].unicodeScalars)
    #expect(caret.map { String(String.UnicodeScalarView(key[$0..<($0 + 4)])) } == "nmae")
  }
}
