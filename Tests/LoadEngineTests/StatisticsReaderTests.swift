import Platform
import ResultModel
import Synchronization
import Testing

@testable import LoadEngine

/// Reading a subject's statistics while it is measured.
@Suite struct StatisticsReaderTests {
  @Test(.timeLimit(.minutes(1))) func readsAgainAndAgainUntilItIsStopped() throws {
    let subject = FakeSubject()
    let reader = try StatisticsReader(subject, periodNanoseconds: 100_000)
    while subject.readCount.load(ordering: .relaxed) < 5 { PrecisionSleep.sleep(nanoseconds: 100_000) }
    let readings = reader.stop()
    #expect(readings.count >= 5)
    #expect(readings.count == subject.readCount.load(ordering: .relaxed))
    #expect(readings.spentNanoseconds > 0)
    #expect(reader.stop() == readings, "nothing more is read")
  }

  @Test func aLongPeriodDoesNotHoldUpTheEnd() throws {
    let subject = FakeSubject()
    let readings = try StatisticsReader(subject, periodNanoseconds: 3_600_000_000_000).stop()
    #expect(readings.count == 1, "once is at the beginning")
  }

  /// A matrix over the dotted path, as a user would ask what reading costs.
  @Test func onlyTheVariantsThatAskAreReadAndTheResultSaysHowOften() throws {
    let subject = FakeSubject()
    let result = try ScenarioRun.result(
      ScenarioText.workQueue(
        "{ constant: 1k/s, for: 1s, drain: 100ms }",
        "matrix: { measure.statistics: [none, 1ms] }\ntrials: { count: 2, order: paired }"), subject)
    #expect(result.variants.map(\.id) == ["measure.statistics=none", "measure.statistics=1ms"])
    // The subject is asked before and after the phase of each of the four trials as well.
    let count = QuantityText.count(subject.readCount.load(ordering: .relaxed) - 8)
    let note = "the subject's statistics were read \(count) times in 2 trials, "
    #expect(result.notes.filter { $0.hasPrefix(note) }.count == 1, "\(result.notes)")
  }

  @Test func nobodyReadsUnlessAsked() throws {
    let subject = FakeSubject()
    let result = try ScenarioRun.result(ScenarioText.workQueue("{ constant: 1k/s, for: 1s, drain: 100ms }"), subject)
    #expect(subject.readCount.load(ordering: .relaxed) == 2, "before the phase and after it")
    #expect(!result.notes.contains { $0.contains("statistics") })
  }
}
