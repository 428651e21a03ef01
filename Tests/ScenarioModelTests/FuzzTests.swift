import Distributions
import ScenarioModel
import Testing

@Suite struct FuzzTests {
  private static let fragments = [
    "*", "#", "&a", "{", "}", "[", "]", ":", ",", "\"", "'", "|", ">", "-", "?", "!!int", "%", "@", "`", "~", "null",
    "${", "${x}", "${a:-", "$${", "\n", "  ", "\t", "\r\n", "0", "-1", "1e9", "99999999999999999999", "5s", "5k/s",
    "..", "load:", "workload:", "extends: s.yaml", "vars: {a: b}", "saturate: true", "for: 5s", "pattern: ring",
    "\u{FEFF}", "\u{85}", "\u{2028}", "\u{0}", "ä", "🐇", "---\n", "...\n", "<<: ", "*a", "phases: [", "0x10", "1KiB",
  ]

  /// Whatever is done to a file, it loads or it is refused with problems that point into it. A failure names its seed.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func neverCrashes(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let texts = [
      FormatExampleTests.fairDispatch, FormatExampleTests.topics, FormatExampleTests.serializers,
      FormatExampleTests.later, FormatExampleTests.capacity,
      "workload: { pattern: ring, ring: { kind: spsc, capacity: 64 }, payload: 8B, batch: 64 }\nload: { saturate: 1M }",
      "vars: { a: 5s }\nload:\n  warmup: 1s\n  phases:\n    - x: { constant: 5k/s, for: \"${a}\" }\n    - y: { in_flight: 1 }",
    ]
    for round in 0..<40 {
      var scalars = Array(texts.randomElement(using: &random)!.unicodeScalars)
      for _ in 0...Int.random(in: 0..<4, using: &random) { mutate(&scalars, &random) }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      check(String(view), overrides: [], "seed \(seed), round \(round)")
      let key = ["load", "workload.payload", "load.phases.x.for", "a.b.0", ""].randomElement(using: &random)!
      let value = Self.fragments.randomElement(using: &random)!
      check(texts[5], overrides: ["\(key)=\(value)"], "seed \(seed), round \(round)")
    }
  }

  private func mutate(_ scalars: inout [Unicode.Scalar], _ random: inout SplitMix64) {
    let index = Int.random(in: 0...scalars.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: scalars.insert(contentsOf: Self.fragments.randomElement(using: &random)!.unicodeScalars, at: index)
    case 1: scalars.removeSubrange(index..<min(scalars.count, index + Int.random(in: 1...10, using: &random)))
    case 2: scalars.removeSubrange(index...)
    case 3:
      let end = min(scalars.count, index + Int.random(in: 1...60, using: &random))
      scalars.insert(contentsOf: Array(scalars[index..<end]), at: Int.random(in: 0...scalars.count, using: &random))
    default: if index < scalars.count { scalars[index] = Unicode.Scalar(UInt8.random(in: 9...126, using: &random)) }
    }
  }

  private func check(_ text: String, overrides: [String], _ label: String) {
    let lineCount = text.unicodeScalars.reduce(2) {
      $0 + ("\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($1) ? 1 : 0)
    }
    do throws(ScenarioProblems) {
      let scenario = try TestFiles(text).load(overrides: overrides)
      let again = TestFiles(scenario.resolvedJSON).problems()
      #expect(again.isEmpty, "\(label): \(again)\n\(text)")
    } catch {
      #expect(!error.problems.isEmpty, "\(label)\n\(text)")
      for problem in error.problems {
        #expect(problem.line >= 1 && problem.line <= lineCount && problem.column >= 1, "\(label): \(problem)\n\(text)")
      }
      #expect(!error.description.isEmpty)
    }
  }
}
