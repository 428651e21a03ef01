import ResultModel
import Testing

@testable import Reports

/// What becomes of a search in the files and on the terminal.
@Suite struct CapacityReportTests {
  private func sample() throws -> RunResult {
    var result = try Fixtures.sample.get()
    for index in result.variants.indices { result.variants[index].capacity = result.capacity }
    result.variants[1].capacity?.high = nil
    result.variants[1].capacity?.confirmed = false
    result.capacity = nil
    return result
  }

  @Test func theTableHasARowForEachTrial() throws {
    let text = String(decoding: CapacityCSV.text(of: try sample()), as: UTF8.self)
    let rows = text.split(separator: "\n")
    #expect(rows.count == 3)
    #expect(
      rows[1].hasSuffix(",latency.p99,1000000,1,56000,false,failed,,,,3,over,2000000,4.5,56000,51000"), "\(rows[1])")
  }

  @Test(arguments: [
    (54_000.0, 56_000.0, "lies between 54 k/s and 56 k/s, 3.57 % apart (asked for: 5.00 %); longer trials"),
    (54_321.9, nil, "is 54.322 k/s or more; longer trials at the lower end agreed."), (0, 200.0, "is below 200 /s."),
    (0, nil, "was not found."), (6_727.2, 6_800.0, "between 6.7272 k/s and 6.8 k/s"),
  ])
  func theSentenceSaysWhatWasFound(low: Double, high: Double?, says: String) throws {
    var capacity = try #require(try Fixtures.sample.get().capacity)
    (capacity.low, capacity.high) = (low, high)
    let sentence = CapacitySection.sentence(capacity)
    #expect(
      sentence.hasPrefix("The highest rate with latency.p99 under 1.00 ms ") && sentence.contains(says), "\(sentence)")
  }

  /// A search that was stopped before its longer trials used to say that they had not agreed.
  @Test func aCapacityThatNothingConfirmedIsNeitherConfirmedNorNot() throws {
    var result = try sample()
    for index in result.variants.indices { result.variants[index].capacity?.confirmed = nil }
    let page = RenderedReport.text(of: result, as: .markdown)
    #expect(page.contains("| 54.0 k/s | 56.0 k/s | – |"), "\(page)")
    #expect(!CapacityLines(result, style: .plain).lines.contains { $0.contains("longer trials") })
  }

  @Test func severalVariantsHaveATableAndACurveEach() throws {
    let result = try sample()
    let page = RenderedReport.text(of: result, as: .html)
    #expect(page.contains("Capacity of each variant"))
    for variant in result.variants { #expect(page.contains("latency.p99 over the rate of \(variant.slug)")) }
    let lines = CapacityLines(result, style: .plain).lines
    #expect(lines.count == 2 && lines[1].contains("did not agree"), "\(lines)")
  }
}
