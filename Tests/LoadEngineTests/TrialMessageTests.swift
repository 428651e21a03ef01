import DriverInterface
import Histograms
import ResultModel
import Testing

@testable import LoadEngine

/// What goes through the pipe between a run and the process of a trial.
@Suite struct TrialMessageTests {
  private func messages() throws -> [TrialMessage] {
    var histogram = LatencyHistogram()
    for value in [1, 5, 5, 1_000_000] as [Int64] { histogram.record(value) }
    let planned = PlannedTrial(variantIndex: 1, index: 2, order: 3, seed: .max)
    var statistics = SubjectStatistics(
      queues: [.init(name: "q", readyCount: 1, unacknowledgedCount: 2, consumerCount: 3, memoryByteCount: 4)])
    statistics.queues[0].delayedCount = 5
    var traffic = SubjectStatistics.Traffic()
    traffic.published = 6
    statistics.queues[0].rates = .init(from: .init(), to: traffic, nanoseconds: 500_000_000)
    statistics.exchanges = [.init(name: "e", type: "topic", isInternal: true)]
    statistics.bindings = [.init(source: "e", destination: "q", destinationKind: "queue", key: "#", arguments: "x")]
    statistics.consumers = [
      .init(
        queue: "q", session: "7", tag: "1", acknowledges: true, prefetchCount: 5, priority: 2, isActive: false,
        unacknowledgedCount: 3)
    ]
    var outcome = TrialOutcome(
      result: FakeTrials.trial(planned, throughput: 1.5),
      intervals: [
        IntervalHistogram(
          slug: "v01-a", series: "latency", startNanoseconds: 5, lengthNanoseconds: 7,
          histogram: SparseHistogram(histogram))
      ],
      threadCount: 3,
      statistics: statistics, notes: ["a note"])
    outcome.readings = StatisticsReadings(trialCount: 1, count: 12, spentNanoseconds: 340)
    return [
      .progress(
        ProgressSnapshot(
          phaseName: "main", phaseIndex: 0, phaseCount: 2, isOpenLoop: true, elapsedNanoseconds: 9,
          totalNanoseconds: nil, receivedCount: 4, receivedPerSecond: 1.25, p99Nanoseconds: 8)),
      .refused(TrialRefusal(DriverError(.unavailable, "nobody there"))), .outcome(outcome),
    ]
  }

  /// Whole, byte by byte, and several at once.
  @Test(arguments: [1, 7, 100, 1_000_000])
  func arriveAsTheyWereSentHoweverTheyAreCut(chunk: Int) throws {
    let sent = try messages()
    let bytes = try sent.flatMap { try $0.encoded() }
    var reader = TrialMessageReader()
    var received: [TrialMessage] = []
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      received += try reader.append(Array(bytes[start..<min(bytes.count, start + chunk)]))
    }
    #expect(received == sent)
  }

  @Test func whatIsNoMessageIsRefused() throws {
    let good = try messages()[0].encoded()
    var version = good
    version[0] = 9
    var kind = good
    kind[1] = 77
    var length = good
    length[7] = 0xFF
    var body = good
    body[TrialMessage.headerByteCount] = 0
    for bytes in [version, kind, length, body] {
      var reader = TrialMessageReader()
      #expect(throws: (any Error).self) { try reader.append(bytes) }
    }
  }

  @Test func aRefusalIsTheSameKindOfErrorOnTheOtherSide() {
    for code in [DriverError.Code.notSupported, .refused, .unavailable] {
      let error = TrialRefusal(DriverError(code, "why")).error as? DriverError
      #expect(error?.code == code)
      #expect(error?.message == "why")
    }
  }

  private func complaint(_ bytes: some Sequence<UInt8>) -> String? {
    do {
      _ = try TrialBinary.greeting(Array(bytes), path: "./other")
      return nil
    } catch {
      return error.message
    }
  }

  @Test func onlyABuildOfTheSameProtocolIsGreeted() throws {
    var greeting = TrialGreeting(tool: ScenarioRun.tool)
    #expect(try TrialBinary.greeting(ResultCoding.encode(greeting), path: "./other") == greeting)
    let own = greeting.version
    for (version, advice) in [(own + 1, "with the newer one"), (own - 1, "build that one anew")] {
      greeting.version = version
      let text = try #require(complaint(ResultCoding.encode(greeting)))
      #expect(text.contains("./other speaks version \(version)") && text.contains(advice))
    }
    for foreign in ["", "yes\nyes\n", "{\"version\":\"1.0\"}"] {
      #expect(complaint(foreign.utf8)?.contains("is no ringside") == true)
    }
  }

  @Test func aRequestOfAnotherProtocolIsRefusedInASentence() {
    #expect(throws: TrialFailure.self) {
      try TrialProcess.request(Array("{\"version\":1}".utf8), version: 1)
    }
  }

  @Test func layoutsDifferBetweenTrialsAndRepeatWithTheSeed() {
    let layouts = (0..<50).map { TrialLayout(of: PlannedTrial(variantIndex: 0, index: $0, order: $0, seed: 1)) }
    #expect(Set(layouts.map(\.heapByteCount)).count > 40)
    #expect(Set(layouts.map(\.environmentByteCount)).count > 40)
    #expect(TrialLayout(of: PlannedTrial(variantIndex: 0, index: 3, order: 3, seed: 1)) == layouts[3])
  }
}
