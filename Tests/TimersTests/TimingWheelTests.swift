import Distributions
import Testing

@testable import Timers

@Suite struct TimingWheelTests {
  /// Every way to place three entries among ten moments, and every pair of moments at which to look, with ticks of 1, 2 and 4 ns.
  @Test func smallWorldsFireInOrderAndOnTime() {
    for resolution in [1, 2, 4] as [Int64] {
      for code in 0..<1000 {
        let moments = [code % 10, code / 10 % 10, code / 100].map(Int64.init)
        for first in 0..<10 as Range<Int64> {
          var wheel = TimingWheel(now: 0, resolution: resolution)
          for (payload, moment) in moments.enumerated() { wheel.insert(UInt64(payload), at: moment) }
          let early = fired(&wheel, at: first)
          let late = fired(&wheel, at: 13)
          let order = [0, 1, 2].sorted { (moments[$0], $0) < (moments[$1], $1) }
          #expect(early + late == order, "\(moments), \(first), resolution \(resolution)")
          #expect(early.allSatisfy { moments[$0] <= first })
          #expect(late.allSatisfy { moments[$0] > first - resolution }, "\(moments), \(first), \(resolution)")
        }
      }
    }
  }

  /// A sorted array is the model. Moments lie near, far, very far and in the past; entries are cancelled, some while others fire.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64], [1, 1 << 10, 1 << 19] as [Int64])
  func behavesLikeASortedList(seed: UInt64, resolution: Int64) {
    var random = Xoshiro256(seed: seed, stream: UInt64(resolution))
    var model = SortedModel()
    var now = Int64.random(in: -1 << 40...1 << 40, using: &random)
    var wheel = TimingWheel(now: now, resolution: resolution)
    for step in 0..<5000 {
      let place: Comment = "seed \(seed), resolution \(resolution), step \(step)"
      switch Int.random(in: 0..<10, using: &random) {
      case 0...5:
        let reach = Int64(1) << Int64.random(in: 0...50, using: &random)
        let moment = now + Int64.random(in: -reach / 8...reach, using: &random)
        let handle = wheel.insert(UInt64(step), at: moment)
        model.insert(step, at: moment, handle: handle)
      case 6:
        guard let entry = model.randomEntry(using: &random) else { continue }
        let payload = wheel.cancel(entry.handle)
        #expect(payload == UInt64(entry.payload), place)
        model.remove(entry.payload)
        let again = wheel.cancel(entry.handle)
        #expect(again == nil, place)
      default:
        now += Int64(1) << Int64.random(in: 0...45, using: &random)
        wheel.advance(to: now)
        var last = Int64.min
        while let due = wheel.takeDue() {
          #expect(due.moment <= now, place)
          #expect(model.remove(Int(due.payload)) == due.moment, place)
          // What was inserted past its moment comes after what was due before; all else is in order.
          if !model.late.contains(Int(due.payload)) {
            #expect(due.moment >= last, place)
            last = due.moment
          }
          if let other = model.randomEntry(using: &random), Int.random(in: 0..<4, using: &random) == 0 {
            let cancelled = wheel.cancel(other.handle)
            #expect(cancelled == UInt64(other.payload), place)
            model.remove(other.payload)
          }
        }
        model.late = []
        #expect(model.first.map { $0 > now - resolution } ?? true, "something is late: \(place)")
      }
      if let moment = model.entries.last.map(\.moment), moment <= now { model.late.insert(model.entries.last!.payload) }
      let count = wheel.count
      #expect(count == model.entries.count, place)
      checkNextMoment(wheel.nextMoment, model: model, now: now, resolution: resolution, place)
    }
  }

  /// Sleeping until `nextMoment` and no longer misses nothing, and needs few stops.
  @Test(arguments: [1, 2] as [UInt64])
  func sleepersWakeUpForEveryEntry(seed: UInt64) {
    var random = Xoshiro256(seed: seed)
    var wheel = TimingWheel(now: 0)
    let resolution = wheel.resolution
    for entry in 0..<300 as Range<UInt64> {
      wheel.insert(entry, at: 1 << Int64.random(in: 20...61, using: &random))
    }
    var (stopCount, firedCount) = (0, 0)
    while let moment = wheel.nextMoment {
      stopCount += 1
      wheel.advance(to: moment)
      while let due = wheel.takeDue() {
        firedCount += 1
        #expect(due.moment <= moment && moment - due.moment < resolution, "seed \(seed)")
      }
    }
    #expect(firedCount == 300)
    #expect(stopCount <= 42 * 11, "\(stopCount) stops for 42 different moments")
  }

  @Test func entryAtTheEndOfTimeNeverFiresAndOneAtItsBeginningAtOnce() {
    var wheel = TimingWheel(now: 0)
    wheel.insert(1, at: .max)
    wheel.insert(2, at: .min)
    #expect(fired(&wheel, at: .max - 1) == [2])
    #expect(fired(&wheel, at: .max) == [])
    let (count, next) = (wheel.count, wheel.nextMoment)
    #expect(count == 1 && next == .max)
  }

  @Test func momentsThatArePastComeLastAndAtOnce() {
    var wheel = TimingWheel(now: 1 << 30)
    wheel.insert(1, at: 1 << 29)
    wheel.insert(2, at: -5)
    #expect(fired(&wheel, at: 1 << 30) == [1, 2])
  }

  @Test func timeNeverRunsBackwards() {
    var wheel = TimingWheel(now: 1000, resolution: 1)
    wheel.insert(1, at: 2000)
    #expect(fired(&wheel, at: 1999) == [])
    #expect(fired(&wheel, at: 0) == [])
    wheel.insert(2, at: 1500)
    #expect(fired(&wheel, at: 0) == [2])
    #expect(fired(&wheel, at: 2000) == [1])
  }

  /// The first that fires cancels the next one, and adds one that is due already.
  @Test func entriesMayBeCancelledAndAddedWhileOthersFire() {
    var wheel = TimingWheel(now: 0, resolution: 1)
    let handles = (0..<3 as Range<UInt64>).map { wheel.insert($0, at: 10)! }
    wheel.advance(to: 10)
    let first = wheel.takeDue()
    #expect(first?.payload == 0)
    let own = wheel.cancel(handles[0])
    #expect(own == nil, "it has fired")
    let next = wheel.cancel(handles[1])
    #expect(next == 1)
    wheel.insert(7, at: 3)
    #expect(fired(&wheel, at: 10) == [2, 7])
  }

  @Test func firstDueIsOnlyLookedAt() {
    var wheel = TimingWheel(now: 0, resolution: 1)
    wheel.insert(5, at: 3)
    let early = wheel.firstDue()
    #expect(early == nil)
    wheel.advance(to: 3)
    for _ in 0..<2 {
      let due = wheel.firstDue()
      #expect(due == TimingWheel.Due(moment: 3, payload: 5))
    }
    let (count, next) = (wheel.count, wheel.nextMoment)
    #expect(count == 1 && next == 3)
  }

  @Test func refusesBeyondTheLimitAndCountsIt() {
    var wheel = TimingWheel(now: 0, countLimit: 2)
    let handles = (0..<4 as Range<UInt64>).map { wheel.insert($0, at: 1 << 40) }
    let refused = wheel.refusedCount
    #expect(handles.map { $0 == nil } == [false, false, true, true] && refused == 2)
    wheel.cancel(handles[0]!)
    let again = wheel.insert(9, at: 5)
    #expect(again != nil)
  }

  /// A handle outlives its entry, its chunk, and others that take its place.
  @Test func handleOfAnEntryThatIsGoneCancelsNothing() {
    var wheel = TimingWheel(now: 0)
    let old = wheel.insert(1, at: 5)!
    wheel.cancel(old)
    let successor = wheel.insert(2, at: 5)!
    #expect(old != successor && old.entry == successor.entry)
    let byOld = wheel.cancel(old)
    #expect(byOld == nil)
    let bySuccessor = wheel.cancel(TimingWheel.Handle(rawValue: successor.rawValue))
    #expect(bySuccessor == 2)
    wheel.trim()
    let afterwards = wheel.cancel(successor)
    #expect(afterwards == nil)
    for forged in [0, 5 << 32, UInt64.max - 0xFFFF_FFFF] {
      let cancelled = wheel.cancel(TimingWheel.Handle(rawValue: forged))
      #expect(cancelled == nil)
    }
  }

  @Test func resolutionIsTakenDownToAPowerOfTwo() {
    for (asked, got) in [(1, 1), (3, 2), (1_000_000, 1 << 19), (Int64.max, 1 << 62)] as [(Int64, Int64)] {
      let resolution = TimingWheel(now: 0, resolution: asked).resolution
      #expect(resolution == got)
    }
  }

  /// Everything that is due by `now`, in the order in which it comes out.
  private func fired(_ wheel: inout TimingWheel, at now: Int64) -> [Int] {
    wheel.advance(to: now)
    var payloads: [Int] = []
    while let due = wheel.takeDue() { payloads.append(Int(due.payload)) }
    return payloads
  }

  private func checkNextMoment(
    _ next: Int64?, model: SortedModel, now: Int64, resolution: Int64, _ place: Comment
  ) {
    guard let first = model.first else {
      #expect(next == nil, place)
      return
    }
    let isInTime = next.map { $0 < max(first + resolution, now + 1) } ?? false
    #expect(isInTime, "\(next ?? -1) is after \(first): \(place)")
  }
}

/// The entries of a wheel in the order of their insertion.
private struct SortedModel {
  struct Entry {
    let payload: Int
    let moment: Int64
    let handle: TimingWheel.Handle
  }

  var entries: [Entry] = []
  /// Those whose moment was past when they were inserted.
  var late: Set<Int> = []

  var first: Int64? { entries.map(\.moment).min() }

  mutating func insert(_ payload: Int, at moment: Int64, handle: TimingWheel.Handle?) {
    guard let handle else {
      Issue.record("\(payload) was refused")
      return
    }
    entries.append(Entry(payload: payload, moment: moment, handle: handle))
  }

  @discardableResult
  mutating func remove(_ payload: Int) -> Int64? {
    entries.firstIndex { $0.payload == payload }.map { entries.remove(at: $0).moment }
  }

  func randomEntry(using random: inout Xoshiro256) -> Entry? { entries.randomElement(using: &random) }
}
