import Distributions
import Testing

@testable import Timers

@Suite struct TimerMemoryTests {
  @Test func millionEntriesTake32BytesEachAndGiveThemBack() {
    var random = Xoshiro256(seed: 1)
    var wheel = TimingWheel(now: 0)
    for entry in 0..<1_000_000 as Range<UInt64> {
      wheel.insert(entry, at: .random(in: 0..<100_000_000_000, using: &random))
    }
    let peak = wheel.byteCountMapped
    #expect(peak < 32_300_000, "\(peak) bytes")
    var (last, count) = (Int64.min, 0)
    for second in 1...100 as ClosedRange<Int64> {
      wheel.advance(to: second * 1_000_000_000 + wheel.resolution)
      while let due = wheel.takeDue() {
        if due.moment < last { Issue.record("\(due.moment) after \(last)") }
        last = due.moment
        count += 1
      }
    }
    #expect(count == 1_000_000)
    let rest = wheel.byteCountMapped
    #expect(rest == 1 << 18)
    wheel.trim()
    let trimmed = wheel.byteCountMapped
    #expect(trimmed == 0)
  }

  /// A tick with many entries in any order comes out sorted, equal moments in the order of insertion.
  @Test(arguments: [1, 2, 3, 31, 32, 33, 1000, 5000])
  func tickWithManyEntriesIsSorted(count: Int) {
    var random = Xoshiro256(seed: UInt64(count))
    var wheel = TimingWheel(now: 0, resolution: 1 << 20)
    let moments = (0..<count).map { _ in Int64.random(in: 1...1000, using: &random) }
    for (payload, moment) in moments.enumerated() { wheel.insert(UInt64(payload), at: moment) }
    wheel.advance(to: 1 << 20)
    var order: [Int] = []
    while let due = wheel.takeDue() { order.append(Int(due.payload)) }
    #expect(order == (0..<count).sorted { (moments[$0], $0) < (moments[$1], $1) }, "seed \(count)")
  }
}
