import Distributions
import DriverInterface
import Testing

@testable import TaskWorkers

/// What a million ETAs cost, and how punctual they are, in virtual time.
@Suite struct EtaStormTests {
  /// A million messages of 120 bytes, then ten thousand due per second, with a keeper that looks every half millisecond.
  @Test func millionMessagesFitAndFireOnTime() {
    var random = Xoshiro256(seed: 5)
    let body = (0..<120).map { UInt8($0) }
    var store = EtaStore(now: 0)
    let count = 1_000_000
    for _ in 0..<count {
      let moment = Int64.random(in: 0..<100_000_000_000, using: &random)
      let key = unsafe body.withUnsafeBytes { buffer in
        unsafe store.hold(
          MessageBody(start: buffer.baseAddress!, count: buffer.count), destination: 0, due: moment)
      }
      if key == nil { Issue.record("refused") }
    }
    let peak = store.byteCountMapped
    #expect(peak < 162_000_000, "\(peak) bytes; a message takes 128 and an entry 32")

    var latenessCounts = [Int](repeating: 0, count: 200)
    var now: Int64 = 0
    while now < 100_002_000_000 {
      now += 500_000
      store.advance(to: now)
      while let due = store.nextDue() {
        latenessCounts[Int((now - due.moment) / 10_000)] += 1
        store.published()
      }
    }
    #expect(latenessCounts.reduce(0, +) == count)
    // One tick and one look late at most.
    let late = latenessCounts.lastIndex { $0 > 0 }!
    #expect(late < 103, "up to \(late)0 µs late")
    let rest = store.byteCountMapped
    #expect(rest <= 2 << 18)
  }
}
