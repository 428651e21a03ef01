import DriverInterface
import ResultModel
import Testing

/// What the embedded broker says about itself through the driver.
@Suite struct StatisticsTests {
  private static let load = "load: { saturate: 20k }\n"
  private static let work =
    "workload: { pattern: work_queue, batch: 16, wait: park, consumers: { c: { prefetch: 64 } } }\n"

  @Test func theTimeInTheQueueIsThere() throws {
    let run = try EmbeddedRun(Self.work + Self.load)
    let times = try #require(run.queues[0].timeInQueue)
    // Of the first 1024 messages all are measured.
    #expect(times.sampleCount >= 1024 && times.sampleCount < 20_000)
    #expect(times.p50Nanoseconds <= times.p99Nanoseconds)
  }

  /// Those of the last phase, its drain included.
  @Test func theRatesOfTheLastPhaseAreThere() throws {
    let run = try EmbeddedRun(
      "time: virtual\nworkload: { pattern: work_queue, service_time: 1us }\n"
        + "load: { phases: [ fast: { constant: 9k/s, for: 1s }, slow: { constant: 1k/s, for: 2s } ] }\n")
    let rates = try #require(run.queues[0].rates)
    #expect(abs(rates.published - 1_000) < 10 && rates.delivered == rates.published, "\(rates)")
    #expect(rates.acknowledged == rates.published && rates.redelivered == 0)
  }

  @Test(arguments: ["shared", "round_robin", "single_active"])
  func readingThemDisturbsNoMessage(dispatch: String) throws {
    let queues = "topology: { queues: { work: { dispatch: \(dispatch) } } }\n"
    let run = try EmbeddedRun(queues + Self.work + Self.load + "measure: { statistics: 1ms }\n")
    run.expectClean(sent: 20_000)
    #expect(run.result.notes.contains { $0.hasPrefix("the subject's statistics were read ") })
  }

  @Test func requestsAndStoredMessagesAreReadWhileTheyFlow() throws {
    for text in [
      "workload: { pattern: request_reply, wait: park }\nload: { in_flight: 4, for: 200ms }\n",
      "topology: { queues: { work: { order: lifo } } }\n" + Self.work + Self.load,
    ] {
      let run = try EmbeddedRun(text + "measure: { statistics: 1ms }\n")
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.result.notes.contains { $0.hasPrefix("the subject's statistics were read ") })
    }
  }
}
