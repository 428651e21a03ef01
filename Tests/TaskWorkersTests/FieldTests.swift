import TaskWorkers
import Testing

/// Small things that users of the field's task queues know by heart.
@Suite struct FieldTests {
  @Test func rateLimitsAreWrittenAsTheFieldWritesThem() {
    let cases: [(String, Int64)] = [
      ("10/s", 100_000_000), ("100/m", 600_000_000), ("1000/h", 3_600_000_000), ("5", 200_000_000),
      ("0.5/m", 120_000_000_000),
    ]
    for (text, interval) in cases { #expect(RateLimit(text)?.intervalNanoseconds == interval, "\(text)") }
    #expect(RateLimit("100/m")?.description == "100/m")
    for text in ["", "0/s", "-1/s", "10/d", "10/s/s", "s", "inf/s"] { #expect(RateLimit(text) == nil, "\(text)") }
  }

  @Test func rateLimitsInCodeAreThoseOfTheField() {
    #expect(RateLimit.perSecond(10) == RateLimit("10/s"))
    #expect(RateLimit.perMinute(100) == RateLimit("100/m"))
    #expect(RateLimit.perHour(0.5) == RateLimit("0.5/h"))
  }

  @Test func intervalsAreDurations() throws {
    #expect(try Schedule.every(.seconds(30)) == .interval(IntervalSchedule(nanoseconds: 30_000_000_000)))
    #expect(throws: ScheduleError.self) { try Schedule.every(.zero) }
    #expect(throws: ScheduleError.self) { try Schedule.every(.seconds(-1)) }
  }

  @Test func theBackoffDoublesUpToItsCap() {
    let options = TaskOptions {
      $0.maxRetries = 12
      $0.retryBackoff = .seconds(1)
      $0.retryBackoffMax = .seconds(600)
      $0.retryJitter = false
    }
    let waits = (0..<13 as Range<UInt32>).map {
      RetryDecision(retries: $0, countdown: nil, options: options, draw: 7)
    }
    let seconds: [Int64] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    #expect(waits == seconds.map { .after($0 * 1_000_000_000) } + [.exhausted])
  }

  @Test func fullJitterDrawsTheWholeWait() {
    let options = TaskOptions {
      $0.maxRetries = nil
      $0.retryBackoff = .seconds(2)
      $0.retryBackoffMax = .seconds(10)
    }
    for (retries, cap) in [(0, 2), (1, 4), (2, 8), (3, 10), (40, 10)] as [(UInt32, Int64)] {
      let waits = (0..<1000 as Range<UInt64>).map { index -> Int64 in
        let draw = index &* (.max / 1000)
        guard case .after(let wait) = RetryDecision(retries: retries, countdown: nil, options: options, draw: draw)
        else {
          return -1
        }
        return wait
      }
      let longest = cap * 1_000_000_000
      #expect(waits.allSatisfy { (0...longest).contains($0) })
      // Even over the whole of it: as many draws in each quarter.
      for quarter in 0..<4 as Range<Int64> {
        let count = waits.count { $0 * 4 / (longest + 1) == quarter }
        #expect((245...255).contains(count), "retries \(retries), quarter \(quarter): \(count)")
      }
    }
    #expect(RetryDecision(retries: 0, countdown: 5, options: options, draw: 9) == .after(5))
  }
}
