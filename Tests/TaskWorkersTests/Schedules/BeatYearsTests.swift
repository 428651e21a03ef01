import Distributions
import Testing

@testable import TaskWorkers

/// A beat over ten simulated years.
@Suite struct BeatYearsTests {
  /// Entries in three zones at once; the owner is a little late, restarts from its state now and then, and is away for up to a week.
  /// Every moment that `MinuteWalk` finds fires exactly once.
  @Test(arguments: [1, 2] as [UInt64])
  func tenYearsOfCrontabsFireExactlyOnce(seed: UInt64) throws {
    var random = Xoshiro256(seed: seed)
    var entries: [Beat<Int>.Entry] = []
    var expected: [[Int]] = []
    for zone in MinuteWalk.Zone.allCases {
      let patterns = (0..<25).map { _ in CrontabSamples.random(using: &random) }
      for (pattern, firings) in zip(patterns, MinuteWalk(zone: zone).firings(of: patterns)) where firings.count < 400 {
        let fields = CrontabSamples.fields(of: pattern, using: &random)
        let crontab = try Crontab(
          minute: fields[0], hour: fields[1], dayOfWeek: fields[2], dayOfMonth: fields[3], monthOfYear: fields[4],
          zone: ScheduleZone(identifier: zone.rawValue))
        entries.append(
          .init(
            name: "\(entries.count)", schedule: .crontab(crontab), payload: entries.count, catchUp: .all(limit: 10_000))
        )
        expected.append(firings)
      }
    }
    #expect(entries.count > 10, "seed \(seed)")
    var fired = [[Int]](repeating: [], count: entries.count)
    var now = Int64(MinuteWalk.start) * 1_000_000_000 - 1
    let end = Int64(MinuteWalk.end) * 1_000_000_000
    var beat = try Beat(entries: entries, now: now)
    while now < end {
      let lateness = Int.random(in: 0..<50, using: &random) == 0 ? 604_800 : 1
      now = min(
        end - 1,
        max(now, try #require(beat.nextMoment)) + .random(in: 0...Int64(lateness) * 1_000_000_000, using: &random))
      for firing in beat.due(now: now) { fired[firing.payload].append(Int(firing.moment / 1_000_000_000)) }
      if Int.random(in: 0..<100, using: &random) == 0 {
        beat = try Beat(entries: entries, state: BeatState(decoding: beat.state.encoded()), now: now)
      }
      if now == end - 1 { break }
    }
    for index in entries.indices {
      #expect(fired[index] == expected[index], "seed \(seed): \(entries[index].schedule.description)")
    }
  }
}
