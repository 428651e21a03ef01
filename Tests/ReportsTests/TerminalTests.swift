import Histograms
import ResultModel
import Testing

@testable import Reports

@Suite struct TerminalTests {
  private let unicode = TerminalStyle(usesColor: false, usesUnicode: true)

  @Test func summaryOfAPassedRun() throws {
    let summary = TerminalSummary(try Fixtures.passed(), directory: "Results/sample/2026", style: unicode)
    try Fixtures.expectGolden(summary.text, "passed.txt")
  }

  @Test func summaryOfAFailedRunWithoutUnicode() throws {
    let summary = TerminalSummary(try Fixtures.small(), directory: "Results/sample/2026", style: .plain)
    try Fixtures.expectGolden(summary.text, "failed-ascii.txt")
    #expect(summary.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func summaryOfAMatrixInColour() throws {
    let style = TerminalStyle(usesColor: true, usesUnicode: true)
    var result = try Fixtures.sample.get()
    for index in result.variants.indices {
      result.variants[index].summary = MetricSummary.all(of: result.variants[index].countedTrials)
    }
    let summary = TerminalSummary(result, directory: nil, style: style)
    try Fixtures.expectGolden(summary.text, "matrix-colour.txt")
  }

  @Test func aSelfTestSaysWhatWasBrokenAndWhatWasCaught() throws {
    var result = try Fixtures.passed()
    var phase = try #require(result.variants[0].trials[0].phases.last)
    phase.faults = [
      FaultSummary(kind: "lose", injected: 3, detected: 3), FaultSummary(kind: "corrupt", injected: 2, detected: 1),
      FaultSummary(kind: "pause", injected: 4, planned: 4), FaultSummary(kind: "kill_worker", injected: 0, planned: 2),
    ]
    phase.verification?.lost = 9
    phase.verification?.examples =
      (0..<9).map { "lost: p #\($0) never arrived in q" } + ["corrupted: p #12 fails its check"]
    result.variants[0].trials[0].phases = [phase]
    let lines = TerminalSummary(result, directory: "r", style: unicode).text.split(separator: "\n").map {
      $0.drop { $0 == " " }
    }
    #expect(
      lines.contains(
        "broken on purpose: 3 lose (3 detected), 2 corrupt (1 detected), 4 pause, kill_worker 0 of 2 happened"))
    #expect(lines.filter { $0.hasPrefix("lost:") }.count == 3, "many of one kind do not hide another")
    #expect(lines.contains("corrupted: p #12 fails its check"))
  }

  @Test func coresThatMovedApartAreSaid() throws {
    var result = try Fixtures.passed()
    result.environment.lineTransfer = LineTransfer(p50: 50, p99: 60)
    result.environment.lineTransferAfter = LineTransfer(p50: 55, p99: 60)
    #expect(TerminalSummary(result, directory: "r", style: unicode).text.contains("near (50.0 ns per cache line)"))
    result.environment.lineTransferAfter = LineTransfer(p50: 200, p99: 260)
    #expect(TerminalSummary(result, directory: "r", style: unicode).text.contains("near, then far (50.0 ns"))
  }

  /// Saturation of a raw ring: no latency, no schedule, no verification cost.
  @Test func summaryWithoutLatency() throws {
    var result = try Fixtures.passed()
    var phase = PhaseResult(
      name: "main", load: "saturate 100,000,000", startOffsetNanoseconds: 0, durationNanoseconds: 300_000_000,
      counts: MessageCounts(),
      rates: Rates(
        scheduled: nil, sent: 100_000_000, received: 100_000_000, bytes: 800_000_000, durationNanoseconds: 300_000_000))
    (phase.counts.sent, phase.counts.received) = (100_000_000, 100_000_000)
    phase.verification = VerificationCounts()
    phase.verification?.verified = 100_000_000
    result.variants[0].trials[0].phases = [phase]
    result.tool.build.configuration = "debug"
    result.tool.build.allocator = "system"
    result.environment.lineTransfer = LineTransfer(p50: 140, p99: 180)
    try Fixtures.expectGolden(
      TerminalSummary(result, directory: "r", style: unicode).text, "saturate-debug.txt")
  }

  /// The engine's verdicts repeat the reasons of the trials, and its allocator's name ends with a revision.
  @Test func summaryOfAnInvalidRunSaysEachThingOnce() throws {
    var result = try Fixtures.passed()
    let reasons = [
      "phase main: only 180,930 of 250,000 scheduled messages were sent (72.3 %, 99.9 % are needed): lower the rate",
      "phase main: the generator lagged, p99 of send_delay is 938 ms (load.pacing.max_lag is 1 ms)",
    ]
    (result.status, result.exitCode, result.exitCodes) = (.invalid, .invalidRun, [.invalidRun])
    result.variants[0].trials[0].status = .invalid
    result.variants[0].trials[0].invalidReasons = reasons
    result.verdicts = reasons.map { Verdict(kind: .load, id: "load delivered", ok: false, detail: $0) }
    result.tool.dirty = true
    result.tool.build.allocator = "jemalloc 5.3.0-0-g54eaed1d8b56b1aa528be3bdd1877e59c56fa90c"
    result.environment.lineTransfer = LineTransfer(p50: 140, p99: 180)
    let text = TerminalSummary(result, directory: "r", style: unicode).text
    try Fixtures.expectGolden(text, "invalid.txt")
    for once in ["180,930", "938 ms", "far cores", "uncommitted"] {
      #expect(text.split(separator: once).count == 2, "\(once)")
    }
  }

  /// What did not arrive used to be in the files only.
  @Test func whatBecameOfMessagesThatDidNotArriveIsSaid() throws {
    var result = try Fixtures.passed()
    var counts = MessageCounts()
    (counts.scheduled, counts.sent, counts.received) = (1_000, 990, 900)
    (counts.unroutable, counts.rejected, counts.returned, counts.redelivered) = (1, 2, 3, 4)
    (counts.expired, counts.dropped, counts.deadLettered, counts.errors) = (5, 60_000, 7, 8)
    counts.late = 8  // The same requests: once is enough.
    result.variants[0].trials[0].phases[0].counts = counts
    let text = TerminalSummary(result, directory: nil, style: unicode).text
    #expect(
      text.contains(
        "  10 not sent in time, 1 unroutable, 2 rejected, 3 returned, 4 redelivered, 5 expired, 60,000 dropped, "
          + "7 dead-lettered, 8 answered too late\n"), "\(text)")
    result.variants[0].trials[0].phases[0].counts = MessageCounts()
    #expect(!TerminalSummary(result, directory: nil, style: unicode).text.contains("dropped"))
  }

  /// Their figures used to be nowhere to be seen.
  @Test func figuresOfDisturbedTrialsAreShownAndMarked() throws {
    var result = try Fixtures.passed()
    result.variants[0].trials[0].status = .disturbed
    result.status = .inconclusive
    result.verdicts = [
      Verdict(kind: .environment, id: "enough", ok: false, severity: .warn, limit: 2, unit: "trials", detail: "0 of 2")
    ]
    let text = TerminalSummary(result, directory: nil, style: unicode).text
    #expect(text.contains("throughput 10.0 k/s"), "\(text)")
    #expect(text.contains("! disturbed: these figures do not count"))
    #expect(text.contains("✗ environment enough: 0 of 2, limit 2 trials\n"))
    #expect(text.hasSuffix("INCONCLUSIVE (exit 0): too noisy to decide\n"), "\(text)")
    #expect(RenderedReport.text(of: result, as: .markdown).contains("INCONCLUSIVE (exit 0): too noisy to decide · "))
    #expect(MergedVariant(result.variants[0]).phases.isEmpty, "the files have them trial by trial only")
  }

  /// A crash used to be explained as a load that was not delivered.
  @Test(arguments: [
    ([TrialResult.Status.crashed], "a trial crashed"), ([.timedOut], "a trial hung"),
    ([.crashed, .crashed, .timedOut], "2 trials crashed, a trial hung"), ([.invalid], "a trial could not be run"),
  ])
  func anInvalidRunSaysWhatBecameOfItsTrials(statuses: [TrialResult.Status], why: String) throws {
    var result = try Fixtures.passed()
    (result.status, result.exitCode, result.exitCodes) = (.invalid, .invalidRun, [.invalidRun])
    result.variants[0].trials = statuses.enumerated().map { index, status in
      TrialResult(index: index, order: index, seed: 1, status: status, invalidReasons: ["it is gone"], phases: [])
    }
    result.verdicts = [Verdict(kind: .trial, id: "trial completed", ok: false, detail: "it is gone")]
    let lines = TerminalSummary(result, directory: nil, style: unicode).text.split(separator: "\n")
    #expect(lines.last == "INVALID (exit 6): \(why)")
    #expect(lines.contains("✗ trial completed: it is gone"))
    // The page said that the load was not delivered, and the terminal beside it that a trial had crashed.
    for text in RenderedReport.texts(of: result, as: [.html, .markdown]) {
      #expect(text.contains("INVALID (exit 6): \(why) · "), "\(text.prefix(4_000))")
    }
    #expect(RenderedReport.text(of: result, as: .markdown).contains("| load delivered | ❌ \(why) |"))
    result.verdicts.append(Verdict(kind: .load, id: "load delivered", ok: false, detail: "too late"))
    let both = TerminalSummary(result, directory: nil, style: unicode).text
    #expect(both.contains("INVALID (exit 6): the load was not delivered, \(why)"))
  }

  /// A buffer that had grown used to be shared out among the messages, and nothing told it from what each of them costs.
  @Test func whatWasAllocatedOnceStandsBesideWhatMessagesCost() throws {
    var result = try Fixtures.passed()
    let line = "  0 bytes allocated per message"
    #expect(TerminalSummary(result, directory: nil, style: unicode).text.contains(line + " · "))
    result.variants[0].trials[0].phases[0].resources?.allocatedBytesOnce = 65_536
    #expect(TerminalSummary(result, directory: nil, style: unicode).text.contains(line + ", 64.0 KiB once · "))
    #expect(RenderedReport.text(of: result, as: .markdown).contains(" | 0 B, 64.0 KiB once | "))
    let rows = String(decoding: MetricsCSV.text(of: result), as: UTF8.self)
    #expect(rows.contains(",allocated_bytes,once,65536,bytes,"))
  }

  @Test func aDrainThatTheThroughputShowsIsSaid() throws {
    var result = try Fixtures.passed()
    let phase = result.variants[0].trials[0].phases[0]
    #expect(!TerminalSummary(result, directory: nil, style: unicode).text.contains("drain"))
    result.variants[0].trials[0].phases[0].drainNanoseconds = phase.durationNanoseconds
    #expect(TerminalSummary(result, directory: nil, style: unicode).text.contains("2.00 s · drain 2.00 s\n"))
  }

  @Test func aSimulationNamesNoMachine() throws {
    var result = try Fixtures.passed()
    result.time = .virtual
    result.variants[0].threads = 5
    result.environment.lineTransfer = LineTransfer(p50: 200, p99: 260)
    let text = TerminalSummary(result, directory: nil, style: unicode).text
    #expect(text.contains("\nsimulated: 5 workers on one thread · ringside"), "\(text)")
    for word in ["cores", "cache line", "step", "far"] { #expect(!text.contains(word), "\(word)") }
  }

  @Test func linesAreAsWideAsColumnsSays() throws {
    var style = TerminalStyle.detect(isTerminal: false, environment: ["COLUMNS": "60", "LANG": "C.UTF-8"])
    #expect(style.columnCount == 60)
    for wrong in ["", "x", "-3", "0", "19"] {
      #expect(TerminalStyle.detect(isTerminal: false, environment: ["COLUMNS": wrong]).columnCount == nil)
    }
    let result = try Fixtures.small()
    let whole = TerminalSummary(result, directory: "r", style: unicode).text
    let narrow = TerminalSummary(result, directory: "r", style: style).text
    #expect(whole.split(separator: "\n").contains { $0.count > 60 })
    for line in narrow.split(separator: "\n") where line.contains(" ") { #expect(line.count <= 60, "\(line)") }
    let pictures = Set("▁▂▃▄▅▆▇█")
    let words = { (text: String) in
      text.split { $0 == " " || $0 == "\n" }.filter { !$0.contains(where: pictures.contains) }
    }
    #expect(
      words(narrow) == words(whole.replacing("  min to max, log axes", with: "")), "nothing but the picture is left out"
    )
    style.usesColor = true
    #expect(
      style.wrapped("\u{1B}[31m" + String(repeating: "word ", count: 12) + "\u{1B}[0m").split(separator: "\n").count
        == 1)
    #expect(
      style.wrapped("  a\n\n" + String(repeating: "b", count: 70) + " c\n")
        == "  a\n\n\(String(repeating: "b", count: 70))\n  c\n")
  }

  /// Of many variants the one that failed used to be a word in a table.
  @Test func aVariantInWhichSomethingWasWrongIsAlwaysShownInFull() throws {
    var result = try Fixtures.passed()
    result.variants = (0..<7).map { number in
      var variant = result.variants[0]
      variant.slug = "v0\(number)"
      return variant
    }
    result.variants[4].trials[0].phases[0].verification?.lost = 1
    result.variants[4].trials[0].phases[0].verification?.examples = ["lost: producer.0 #17 never arrived in work"]
    var warmup = result.variants[5].trials[0].phases[0]
    (warmup.name, warmup.sampleType) = ("warmup", .warmup)
    warmup.verification?.corrupted = 1
    warmup.verification?.examples = ["corrupted: producer.0 #3"]
    result.variants[5].trials[0].phases.append(warmup)
    let text = TerminalSummary(result, directory: nil, style: unicode).text
    for line in ["v04 (baseline) · ", "lost: producer.0 #17", "v05 (baseline) · ", "corrupted: producer.0 #3"] {
      #expect(text.contains(line), "\(line)")
    }
    #expect(!text.contains("v03 (baseline) · "))
  }

  @Test func manyVariantsAreOnlyListed() throws {
    var result = try Fixtures.passed()
    result.variants = (0..<7).map { number in
      var variant = result.variants[0]
      variant.slug = "v0\(number)"
      variant.summary = MetricSummary.all(of: variant.countedTrials)
      return variant
    }
    try Fixtures.expectGolden(TerminalSummary(result, directory: nil, style: unicode).text, "many.txt")
  }

  @Test func styleFollowsTerminalAndEnvironment() {
    func style(_ isTerminal: Bool, _ environment: [String: String]) -> TerminalStyle {
      .detect(isTerminal: isTerminal, environment: environment)
    }
    let utf8 = ["LANG": "en_GB.UTF-8"]
    #expect(style(true, utf8) == TerminalStyle(usesColor: true, usesUnicode: true))
    #expect(style(false, utf8) == TerminalStyle(usesColor: false, usesUnicode: true))
    #expect(!style(true, ["NO_COLOR": "1"]).usesColor)
    #expect(style(true, ["NO_COLOR": ""]).usesColor)
    #expect(!style(true, ["TERM": "dumb"]).usesColor)
    #expect(!style(true, [:]).usesUnicode)
    #expect(!style(true, ["LC_ALL": "C", "LANG": "en_GB.UTF-8"]).usesUnicode)
    #expect(style(true, ["LC_ALL": "", "LC_CTYPE": "C.utf8"]).usesUnicode)
  }

  @Test func sparklineShowsBodyAndTail() {
    var histogram = LatencyHistogram()
    histogram.record(200, count: 100_000)
    histogram.record(400, count: 1_000)
    histogram.record(100_000)
    let line = Sparkline.text(histogram, columns: 10, style: unicode)
    #expect(line == "█▅       ▁")
    #expect(Sparkline.text(histogram, columns: 10, style: .plain) == "@+       .")
    #expect(Sparkline.text(LatencyHistogram(), style: unicode) == "")
    var single = LatencyHistogram()
    single.record(0)
    #expect(Sparkline.text(single, columns: 3, style: unicode) == "█  ")
  }

  @Test func progressIsOneRewrittenLine() {
    let line = ProgressLine(isTerminal: true, isQuiet: false, style: unicode)
    let snapshot = ProgressLine.Snapshot(
      phase: "main", elapsedNanoseconds: 2_340_000_000, totalNanoseconds: 5_000_000_000, ratePerSecond: 100_100,
      p99Nanoseconds: 1_312)
    #expect(line.text(snapshot) == "\r\u{1B}[2Kmain  █████░░░░░ 2.3/5.0 s  100 k/s  latency p99 1.31 µs")
    #expect(line.clearing == "\r\u{1B}[2K")
    let narrow = ProgressLine(isTerminal: true, isQuiet: false, style: .plain, width: 20)
    #expect(narrow.text(snapshot) == "\r\u{1B}[2Kmain  #####..... 2.")
    let endless = ProgressLine.Snapshot(
      phase: "main", elapsedNanoseconds: 100_000_000, ratePerSecond: 3e8, series: "service_time")
    #expect(line.text(endless) == "\r\u{1B}[2Kmain  0.1 s  300 M/s")
  }

  @Test func progressIsSilentWithoutATerminalOrWhenQuiet() {
    let snapshot = ProgressLine.Snapshot(phase: "main", elapsedNanoseconds: 0, ratePerSecond: 0)
    for (isTerminal, isQuiet) in [(false, false), (true, true), (false, true)] {
      let line = ProgressLine(isTerminal: isTerminal, isQuiet: isQuiet, style: .plain)
      #expect(line.text(snapshot).isEmpty && line.clearing.isEmpty)
    }
  }

  @Test func queuesAreListedLikeRabbitMQDoes() {
    var work = QueueTable.Row(name: "work", ready: 12, unacknowledged: 3, consumers: 2, memoryBytes: 1_048_576)
    work.delayed = 5
    work.rates = QueueTable.Rates(publish: 1234.5, deliver: 1000.4, redeliver: 0, acknowledge: 999)
    let table = QueueTable([
      work, QueueTable.Row(name: "amq.gen-1", ready: 0, unacknowledged: 0, consumers: 0, memoryBytes: 0),
    ])
    let rows = table.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      rows == [
        [
          "name", "messages", "messages_ready", "messages_unacknowledged", "consumers", "memory", "messages_delayed",
          "publish_rate", "deliver_rate", "redeliver_rate", "ack_rate",
        ],
        ["amq.gen-1", "0", "0", "0", "0", "0", "0", "-", "-", "-", "-"],
        ["work", "20", "12", "3", "2", "1048576", "5", "1235", "1000", "0", "999"],
      ])
    #expect(table.text.hasPrefix("name       messages  messages_ready  messages_unacknowledged"))
  }
}
