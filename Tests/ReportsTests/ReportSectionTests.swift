import ResultModel
import Testing

@testable import Reports

/// What single sections say.
@Suite struct ReportSectionTests {
  private func finding(_ name: String, in result: RunResult) -> String? {
    let merged = result.variants.map { MergedVariant($0, showsDisturbed: true) }
    for case .table(let table) in ValiditySection(result, merged).blocks {
      return table.rows.first { $0[0].text == name }?[1].text
    }
    return nil
  }

  // MARK: - Both formats

  /// Captions name the metric, the phase, and what signs mean: Markdown used to drop them.
  @Test func everyCaptionIsInBothFormats() throws {
    let document = ReportDocument(try Fixtures.sample.get())
    func captions(_ blocks: [ReportBlock]) -> [String] {
      blocks.flatMap { block -> [String] in
        switch block {
        case .table(let table): [table.caption]
        case .fold(_, let inner): captions(inner)
        default: []
        }
      }
    }
    let all = captions(document.blocks)
    #expect(all.count > 8)
    let plain = document.markdown.replacing("\\", with: "")
    for caption in all {
      #expect(plain.contains("*\(caption)*\n\n|"), "\(caption)")
      #expect(document.html.contains("<caption>\(HTMLText.escaped(caption))</caption>"), "\(caption)")
    }
  }

  /// Pictures are not in Markdown, nor for those who hear a page: a section of pictures only was an empty one.
  @Test func whateverIsDrawnIsInATableOfItsSection() throws {
    var isDrawn = false
    var hasTable = true
    for block in ReportDocument(try Fixtures.sample.get()).blocks + [.heading("end")] {
      switch block {
      case .heading(let title):
        #expect(!isDrawn || hasTable, "before \(title)")
        (isDrawn, hasTable) = (false, false)
      case .chart: isDrawn = true
      case .table: hasTable = true
      case .fold(_, let inner): if case .table? = inner.first { hasTable = true }
      default: break
      }
    }
    let markdown = RenderedReport.text(of: try Fixtures.sample.get(), as: .markdown)
    #expect(!markdown.contains(/## [^\n]*\n\n(##|$)/), "a section without anything in it")
  }

  @Test func listsSayInWordsWhatTheirColourMeans() throws {
    let page = RenderedReport.text(of: try Fixtures.sample.get(), as: .html)
    for (tone, word) in [("bad", "error"), ("warning", "warning")] {
      let lists = page.matches(of: try Regex("<ul class=\"\(tone)\">\\n((<li>.*</li>\\n)+)</ul>"))
      #expect(!lists.isEmpty)
      for list in lists {
        let items = page[list.range].split(separator: "\n").filter { $0.hasPrefix("<li>") }
        #expect(items.allSatisfy { $0.hasPrefix("<li><b>\(word):</b> ") }, "\(items)")
      }
    }
  }

  // MARK: - Validity

  /// What was delivered of a load that was stopped is neither all nor too little.
  @Test func aStoppedRunIsNotSaidToHaveDeliveredItsLoad() throws {
    var result = try Fixtures.passed()
    #expect(finding("load delivered", in: result) == "yes")
    (result.status, result.exitCode, result.exitCodes) = (.aborted, .interrupted, [.interrupted])
    result.variants[0].trials[0].status = .aborted
    #expect(finding("load delivered", in: result) == "stopped before its end")
    let junit = RenderedReport.text(of: result, as: .junit)
    #expect(junit.contains("tests=\"1\" failures=\"0\" errors=\"1\""), "\(junit)")
    #expect(junit.contains("name=\"run to its end\">\n      <error message=\"stopped before its end (exit 130)"))
  }

  @Test func aRehearsalIsNeitherATrialNorADisturbance() throws {
    var result = try Fixtures.passed()
    let trial = result.variants[0].trials[0]
    result.variants[0].trials = (0..<4).map { index in
      var copy = trial
      copy.index = index
      return copy
    }
    result.variants[0].trials[3].becomeRehearsal()
    #expect(finding("trials that do not count", in: result) == "none of 3")
    result.variants[0].trials[2].status = .disturbed
    #expect(finding("trials that do not count", in: result) == "1 disturbed, of 3")
    let texts = [
      RenderedReport.text(of: result, as: .html), TerminalSummary(result, directory: nil, style: .plain).text,
    ]
    for text in texts { #expect(text.contains(" 3 trials (and 1 rehearsal) in "), "\(text.prefix(2_000))") }
  }

  @Test func onlyWhatIsMeasuredIsSaidToWander() throws {
    var result = try Fixtures.sample.get()
    func isTold() -> Bool { RenderedReport.text(of: result, as: .markdown).contains("⚠️ autocorrelated: ") }
    for type in [PhaseResult.SampleType.warmup, .normal] {
      let index = try #require(result.variants[0].trials[0].phases.firstIndex { $0.sampleType == type })
      result.variants[0].trials[0].phases[index].labels = [.autocorrelated]
      #expect(isTold() == (type == .normal))
    }
  }

  /// The larger of both readings is what is judged, and pressure with them.
  @Test func noiseIsToldAsItIsJudged() throws {
    var result = try Fixtures.passed()
    var noise = NoiseInformation()
    (noise.aaCPUVariation, noise.aaCPUVariationAfter, noise.aaMemoryVariation) = (0.013, 0.2, 0.1)
    (noise.pressureCPUSomePercent, noise.pressureCPURunPercent) = (12, 30)
    result.environment.noise = noise
    #expect(
      finding("host noise", in: result)
        == "computing varies by 1.30 % before and 20.0 % after, memory by 10.0 %, others waited for a core 12.0 % of the time "
        + "before, threads did so 30.0 % of the run")
  }

  // MARK: - Environment

  @Test func theEnvironmentHasFlagsCoresAndTimerSlack() throws {
    var result = try Fixtures.passed()
    result.tool.build.flags = "--sanitize=thread"
    var markdown = RenderedReport.text(of: result, as: .markdown)
    for text in ["| cores it may use | 0, 1 |", "| timer slack | 1 ns |", "release, --sanitize=thread, 6.3.1"] {
      #expect(markdown.contains(text), "\(text)")
    }
    #expect(markdown.contains("\ngit checkout \(result.tool.gitSHA)\n"))
    // What was not committed cannot be checked out.
    result.tool.dirty = true
    markdown = RenderedReport.text(of: result, as: .markdown)
    #expect(!markdown.contains("git checkout") && !markdown.contains("same seed and revision"))
    #expect(markdown.contains("# built from \(result.tool.gitSHA) and uncommitted changes\n"))
  }

  // MARK: - Heat maps

  /// A matrix with the axes and values, in every combination.
  private func matrix(_ axes: [(name: String, values: [String])]) throws -> RunResult {
    var result = try Fixtures.passed()
    var cells: [[String: String]] = [[:]]
    for axis in axes { cells = cells.flatMap { cell in axis.values.map { cell.merging([axis.name: $0]) { $1 } } } }
    let first = result.variants[0]
    result.variants = cells.enumerated().map { index, cell in
      var variant = first
      variant.slug = "v\(index)"
      variant.parameters = cell.mapValues { .string($0) }
      variant.summary = ["latency.p99": MetricSummary(of: [Double(100 * (index + 1))])].compactMapValues(\.self)
      return variant
    }
    return result
  }

  private func maps(_ result: RunResult) -> [ReportTable] {
    let merged = result.variants.map { MergedVariant($0, showsDisturbed: true) }
    return MatrixHeatMaps(result, merged).blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  /// A matrix of three axes used to have none.
  @Test func furtherAxesAreTablesOfTheirOwn() throws {
    let three = try matrix([
      ("batch", ["1", "8", "64"]), ("format", ["json", "raw"]), ("size", ["1", "2", "3", "4"]),
    ])
    let found = maps(three)
    #expect(found.count == 2)
    #expect(found.map { $0.caption.contains(", format = json:") } == [true, false])
    #expect(found.allSatisfy { $0.header == ["batch \\ size", "1", "2", "3", "4"] && $0.rows.count == 3 })
    #expect(!found.flatMap(\.rows).joined().contains("–"), "every cell of the matrix is in one of them")
    #expect(maps(try matrix([("batch", ["1", "8", "64"])])).isEmpty)
    let many = try matrix([
      ("a", ["1", "2", "3", "4"]), ("b", ["1", "2", "3"]), ("c", ["1", "2", "3"]), ("d", ["1", "2", "3"]),
    ])
    #expect(maps(many).count == 9)
  }

  @Test func arrowsAreSaidInWords() throws {
    var result = try matrix([("batch", ["1", "8"]), ("format", ["json", "raw"])])
    result.comparisons = [("v1", ResultModel.ComparisonResult.Outcome.worse), ("v2", .better)].map { slug, verdict in
      .init(
        metric: "latency.p99", baseline: "v0", candidate: slug, ratio: 1.1, ratioCI95: nil, p: 0.001, pAdjusted: 0.002,
        test: "sign-flip",
        baselineCount: 10, candidateCount: 10, verdict: verdict)
    }
    let cells = maps(result).flatMap(\.rows).joined().map(\.text)
    #expect(cells.contains { $0.hasSuffix(" ▼ worse") } && cells.contains { $0.hasSuffix(" ▲ better") })
  }
}
