import Testing

@testable import TaskWorkers

@Suite struct BeatTests {
  private static let second: Int64 = 1_000_000_000

  /// Every firing is handled 0.3 s late, and the hundredth is still on the grid.
  @Test func intervalsDoNotDrift() throws {
    var beat = try makeBeat(.interval(IntervalSchedule(nanoseconds: 7 * Self.second)), now: 100 * Self.second)
    var moments: [Int64] = []
    while moments.count < 100, let next = beat.nextMoment {
      moments += beat.due(now: next + 300_000_000).map(\.moment)
    }
    #expect(moments == (1...100).map { (100 + 7 * $0) * Self.second })
  }

  @Test func intervalWithABeginningKeepsItsGridBeforeAndAfterIt() throws {
    let interval = try IntervalSchedule(nanoseconds: 10, beginning: 1003)
    #expect(interval.next(after: 1003, origin: 0) == 1013)
    #expect(interval.next(after: 1002, origin: 0) == 1003)
    #expect(interval.next(after: 5, origin: 0) == 13)
    #expect(interval.next(after: -8, origin: 0) == -7)
    #expect(interval.next(after: .max, origin: 0) == nil)
    #expect(interval.next(after: .max - 3, origin: 0) == nil)
    #expect(throws: ScheduleError.self) { try IntervalSchedule(nanoseconds: 0) }
  }

  @Test func clockedEntryFiresOnce() throws {
    var beat = try makeBeat(.clocked(ClockedSchedule(moment: 50)), now: 0)
    #expect(beat.nextMoment == 50 && beat.due(now: 49).isEmpty)
    #expect(beat.due(now: 51).map(\.moment) == [50])
    #expect(beat.due(now: 1000).isEmpty && beat.nextMoment == nil)
  }

  /// Down from second 20 to second 95; moments come every 10 s; ten seconds of lateness are tolerated.
  @Test(
    arguments: [
      (.skip, [90]), (.once, [80, 90]), (.all(limit: 3), [60, 70, 80, 90]),
      (.all(limit: 100), [30, 40, 50, 60, 70, 80, 90]),
    ] as [(CatchUpPolicy, [Int64])])
  func missedMomentsGoByThePolicy(policy: CatchUpPolicy, expected: [Int64]) throws {
    let schedule = Schedule.interval(try IntervalSchedule(nanoseconds: 10 * Self.second))
    var before = try makeBeat(schedule, policy, now: 0)
    #expect(before.due(now: 20 * Self.second).map(\.moment).last == 20 * Self.second)
    let state = try BeatState(decoding: before.state.encoded())
    var beat = try makeBeat(schedule, policy, state: state, now: 95 * Self.second)
    let firings = beat.due(now: 95 * Self.second)
    #expect(firings.map { $0.moment / Self.second } == expected)
    #expect(firings.map(\.isMissed) == expected.map { $0 < 90 })
    #expect(beat.skippedCount == (expected[0] == 30 ? 0 : 1))
    #expect(beat.nextMoment == 100 * Self.second)
  }

  /// A year of missed minutes used to be counted one by one in such schedulers.
  @Test func longAbsenceCostsNoMoreThanWhatIsWanted() throws {
    let year = 365 * 86_400 * Self.second
    var beat = try makeBeat(.crontab(Crontab()), .all(limit: 2), now: 0)
    #expect(beat.due(now: year + 1).map(\.moment) == [120, 60, 0].map { year - $0 * Self.second })
    var fast = try makeBeat(.interval(IntervalSchedule(nanoseconds: 1)), now: 0)
    let firings = fast.due(now: year)
    #expect(firings.count == 1001 && firings.last?.moment == year && fast.skippedCount == 1)
  }

  @Test func shortJumpBackwardsFiresNothingTwice() throws {
    var beat = try makeBeat(.interval(IntervalSchedule(nanoseconds: 60 * Self.second)), now: 0)
    #expect(beat.due(now: 7200 * Self.second).last?.moment == 7200 * Self.second)
    for minute in 60..<120 as Range<Int64> { #expect(beat.due(now: minute * 60 * Self.second).isEmpty) }
    #expect(beat.due(now: 7260 * Self.second).map(\.moment) == [7260 * Self.second])
    #expect(beat.rewindCount == 0)
  }

  /// The clock said 2038 for a while: the entry used to be silent until then.
  @Test func longJumpBackwardsGoesOnFromThere() throws {
    let schedule = Schedule.crontab(try Crontab(minute: "0"))
    var beat = try makeBeat(schedule, .skip, now: 0)
    let wrong = 2_147_483_000 * Self.second
    _ = beat.due(now: wrong)
    let state = beat.state
    #expect(beat.due(now: 3600 * Self.second).isEmpty)
    #expect(beat.due(now: 7200 * Self.second).map(\.moment) == [7200 * Self.second])
    #expect(beat.rewindCount == 1)
    var restarted = try makeBeat(schedule, .skip, state: state, now: 3600 * Self.second)
    #expect(restarted.nextMoment == 7200 * Self.second && restarted.rewindCount == 1)
    #expect(restarted.due(now: 7200 * Self.second).count == 1)
  }

  @Test func newOrChangedEntryOwesNothingOfThePast() throws {
    let hourly = Schedule.crontab(try Crontab(minute: "0"))
    let old = try makeBeat(hourly, .all(limit: 9), now: 0).state
    var changed = try makeBeat(.crontab(Crontab(minute: "1")), .all(limit: 9), state: old, now: 86_400 * Self.second)
    #expect(changed.due(now: 86_400 * Self.second).isEmpty)
    var same = try makeBeat(hourly, .all(limit: 9), state: old, now: 86_400 * Self.second)
    #expect(same.due(now: 86_400 * Self.second).count == 10)
  }

  @Test func momentsOfADisabledEntryAreNotMissed() throws {
    let schedule = Schedule.interval(try IntervalSchedule(nanoseconds: 10))
    let entry = Beat<Int>.Entry(
      name: "tick", schedule: schedule, payload: 1, isEnabled: false, catchUp: .all(limit: 50))
    var beat = try Beat(entries: [entry], now: 0, tolerance: 0)
    #expect(beat.nextMoment == nil && beat.due(now: 100).isEmpty)
    #expect(beat.setEnabled(true, "tick", now: 105) && beat.nextMoment == 110)
    #expect(beat.due(now: 110).map(\.moment) == [110])
    #expect(beat.setEnabled(false, "tick", now: 115) && beat.due(now: 200).isEmpty)
    let isKnown = beat.setEnabled(true, "tock", now: 115)
    #expect(!isKnown)
  }

  /// Each policy, with missed and punctual moments.
  @Test(arguments: [CatchUpPolicy.skip, .once, .all(limit: 3)])
  func firingsThatAreTakenBackAreDueAgain(policy: CatchUpPolicy) throws {
    var beat = try makeBeat(.interval(IntervalSchedule(nanoseconds: 4 * Self.second)), policy, now: 0)
    _ = beat.due(now: 4 * Self.second)
    let before = beat.state.progress["entry"]
    let firings = beat.due(now: 60 * Self.second)
    #expect(firings.count >= 2)
    for count in 1...firings.count {
      for firing in firings.suffix(count).reversed() { beat.takeBack(firing) }
      #expect(beat.due(now: 60 * Self.second).map(\.moment) == firings.suffix(count).map(\.moment))
    }
    for firing in firings.reversed() { beat.takeBack(firing) }
    let after = try #require(beat.state.progress["entry"])
    #expect(after.firingCount == before?.firingCount && after.lastMoment == before?.lastMoment)
    #expect(beat.nextMoment == firings.first?.moment)
  }

  @Test func entriesComeAndGo() throws {
    func entry(_ name: String) -> Beat<Int>.Entry {
      Beat.Entry(name: name, schedule: .clocked(ClockedSchedule(moment: 10)), payload: name.count)
    }
    var beat = try Beat(entries: [entry("b"), entry("a")], now: 0)
    let error = #expect(throws: ScheduleError.self) { try beat.add(entry("a"), now: 0) }
    #expect(error?.description.contains("'a'") == true)
    try beat.add(entry("ccc"), now: 0)
    #expect(beat.remove("a")?.name == "a" && beat.remove("a") == nil)
    #expect(beat.entries.map(\.name) == ["b", "ccc"])
    // The same moment: in the order of the entries.
    #expect(beat.due(now: 10).map(\.payload) == [1, 3])
  }

  private func makeBeat(
    _ schedule: Schedule, _ policy: CatchUpPolicy = .once, state: BeatState = BeatState(), now: Int64
  ) throws -> Beat<Int> {
    try Beat(
      entries: [.init(name: "entry", schedule: schedule, payload: 0, catchUp: policy)], state: state, now: now)
  }
}
