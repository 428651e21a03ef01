import Foundation
import ResultModel
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page, Markdown, JUnit and annotations of a result.
@Suite struct ReportPageTests {
  private func sample() throws -> RunResult { try Fixtures.sample.get() }

  @Test func everyFormatIsTheRecordedOne() throws {
    let result = try sample()
    try Fixtures.expectGolden(RenderedReport.text(of: result, as: .html), "report.html")
    try Fixtures.expectGolden(RenderedReport.text(of: result, as: .markdown), "summary.md")
    try Fixtures.expectGolden(RenderedReport.text(of: result, as: .junit), "junit.xml")
    try Fixtures.expectGolden(RenderedReport.text(of: result, as: .annotations), "annotations.txt")
  }

  /// Nothing on the page may come from elsewhere, and nothing needs a script.
  @Test func thePageIsSelfContained() throws {
    let page = RenderedReport.text(of: try sample(), as: .html)
    for sign in ["<script", "http://", "https://", "@import", "url(", "<img", "<iframe", " onclick"] {
      #expect(!page.contains(sign), "\(sign)")
    }
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    for sign in ["prefers-color-scheme: dark", "@media print", "name=\"viewport\"", "<caption>", "scope=\"col\""] {
      #expect(page.contains(sign), "\(sign)")
    }
  }

  /// Every element that is opened is closed, in the right order.
  @Test func thePageIsWellFormed() throws {
    let page = RenderedReport.text(of: try sample(), as: .html)
    var open: [String] = []
    for match in page.matches(of: /<(\/?)([a-z0-9]+)([^>]*)>/) {
      let name = String(match.output.2)
      if ["meta", "link", "line", "polyline", "polygon", "wbr"].contains(name) { continue }
      if match.output.1.isEmpty {
        open.append(name)
      } else {
        #expect(open.popLast() == name)
      }
    }
    #expect(open.isEmpty, "\(open)")
  }

  @Test func whatComesFromOutsideCannotBecomeMarkup() throws {
    var result = try sample()
    let evil = "<script>alert(\"x\")</script>&'|`*\u{1}"
    result.scenario.name = evil
    result.scenario.path = evil
    result.notes = [evil]
    result.variants[0].slug = evil
    result.verdicts[0].id = evil
    result.verdicts[0].detail = evil
    let page = RenderedReport.text(of: result, as: .html)
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;|`*\u{FFFD}"))
    let markdown = RenderedReport.text(of: result, as: .markdown)
    let outside = markdown.split(separator: "```").enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    #expect(!outside.joined().contains("<script"), "what is not in a block of code")
    try parse(RenderedReport.text(of: result, as: .junit))
  }

  @Test func junitIsXMLWithACaseForEachVerdict() throws {
    let result = try sample()
    let counter = try parse(RenderedReport.text(of: result, as: .junit))
    #expect(counter.counts["testcase"] == result.verdicts.count)
    #expect(counter.counts["failure"] == result.verdicts.count { !$0.ok && $0.severity == .error })
  }

  @Test func annotationsStandAtTheLineOfTheExpectation() throws {
    var result = try sample()
    result.verdicts[0].detail = "50% of it,\nall: wrong"
    let lines = RenderedReport.text(of: result, as: .annotations).split(separator: "\n")
    #expect(lines.count == 3, "one for each verdict that did not hold, and one for the mark of the build")
    #expect(lines[2].hasPrefix("::warning file=Scenarios/sample.yaml,line=1,col=1,title=uncommitted-changes::"))
    #expect(
      lines[0].hasPrefix("::error file=Scenarios/sample.yaml,line=12,col=7,title=SLO::slo latency.p99<500ns@main"))
    #expect(lines[0].contains("50%25 of it,%0Aall: wrong"))
  }

  /// At 1200 pixels the table of variants and that of comparisons used to be wider than the page.
  @Test func whatMakesATableWideMayBeBroken() throws {
    var result = try sample()
    result.comparisons[0].metric = "allocated_bytes_per_message@main"
    result.comparisons[0].batch = 1
    result.variants[0].trials[1].invalidReasons = ["the generator lagged by 938 ms (load.pacing.max_lag is 1 ms)"]
    let page = RenderedReport.text(of: result, as: .html)
    #expect(page.contains("<td class=\"words\">allocated_<wbr/>bytes_<wbr/>per_<wbr/>message<wbr/>@main</td>"))
    #expect(page.contains("<span>v01-raw-64 </span><span>(confirmation 1)</span>"))
    #expect(page.contains("<td class=\"words\">constant 10 k/s</td>"))
    #expect(page.contains("<td class=\"prose\">the generator lagged by 938 ms (load.pacing"), "a sentence is no figure")
    #expect(Words.interval("4.10 M/s", "9.41 M/s", beside: "9.14 M/s") == "[4.10, 9.41]")
    #expect(Words.interval("191 ns", "1.48 µs", beside: "260 ns") == "[191 ns, 1.48 µs]")
  }

  /// Text that has to be where a reader looks for it.
  @Test func everySectionIsThere() throws {
    let page = RenderedReport.text(of: try sample(), as: .html)
    let sections = page.matches(of: /<h2>([^<]*)<\/h2>/).map { String($0.output.1) }
    #expect(
      sections == [
        "Validity", "Objectives", "Variants", "Comparison with the baseline", "Percentile spectrum", "Over time",
        "Capacity", "Resources per message", "Environment", "Trials",
      ])
  }

  @Test func marksAreRoundNumbersInsideTheAxis() {
    let scale = ChartScale(
      .init(title: "", unit: .nanoseconds, isLogarithmic: true), values: [350, 2_000_000], start: 0, length: 100)
    #expect(scale.marks.map(\.text) == ["100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms"])
    #expect(scale.marks.map { $0.place.rounded() } == [0, 20, 40, 60, 80, 100])
    let share = ChartScale(
      .init(title: "", unit: .percentile, isLogarithmic: true), values: [1, 1000], start: 0, length: 90)
    #expect(share.marks.map(\.text) == ["0 %", "90 %", "99 %", "99.9 %"])
    let rates = ChartScale(
      .init(title: "", unit: .perSecond, isLogarithmic: false), values: [3, 47_000], start: 0, length: 47)
    #expect(rates.marks.map(\.text) == ["0 /s", "10 k/s", "20 k/s", "30 k/s", "40 k/s"])
    let single = ChartScale(.init(title: "", unit: .seconds, isLogarithmic: false), values: [5], start: 0, length: 10)
    #expect(single.place(5).isFinite && !single.marks.isEmpty)
    // What a foreign file may hold: neither endless marks nor a step of 0.
    let vast = ChartScale(
      .init(title: "", unit: .nanoseconds, isLogarithmic: true), values: [1, 1.5e308], start: 0, length: 10)
    #expect(vast.marks.count == 2 && vast.place(1.5e308) == 10)
    let flat = ChartScale(
      .init(title: "", unit: .perSecond, isLogarithmic: false), values: [-1e17, -1e17], start: 0, length: 10)
    #expect(flat.place(-1e17).isFinite && !flat.marks.isEmpty)
  }

  /// A matrix of 40 cells with 10 trials each stays a page that a browser opens at once.
  @Test func aLargeMatrixIsASmallPage() throws {
    var result = try sample()
    let variant = result.variants[0]
    // Decoding ten times as many histograms would only take time: they are merged before anything is drawn.
    var bare = variant.trials[0]
    for index in bare.phases.indices {
      bare.phases[index].latency?.histogramBase64 = nil
      for path in [
        \PhaseResult.serviceTime, \.sendDelay, \.confirmTime, \.queueTime, \.handlerTime, \.resultTime,
      ] { bare.phases[index][keyPath: path] = nil }
    }
    result.variants = (0..<40).map { index in
      var copy = variant
      copy.slug = "v\(index)-json-fair"
      copy.trials = [variant.trials[0]] + Array(repeating: bare, count: 9)
      return copy
    }
    #expect(RenderedReport.text(of: result, as: .html).utf8.count < 1_500_000)
  }

  private final class Counter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
    }
  }

  @discardableResult
  private func parse(_ text: String) throws -> Counter {
    let parser = XMLParser(data: Data(text.utf8))
    let counter = Counter()
    parser.delegate = counter
    let isParsed = parser.parse()
    try #require(isParsed, "\(String(describing: parser.parserError))")
    return counter
  }
}
