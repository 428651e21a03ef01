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
