import Testing

@testable import Platform

@Suite struct WaitStrategyTests {
  /// How many looks in a row go by before the strategy wants to park, at most `limit`.
  private func looksBeforeParking<Wait: WaitStrategy>(_ wait: inout Wait, limit: Int) -> Int {
    for look in 0..<limit where wait.shouldPark() { return look }
    return limit
  }

  @Test func onlyTheStrategiesThatParkSayThatTheyDo() {
    #expect(!BusySpin.parks)
    #expect(!Yielding.parks)
    #expect(!Backoff.parks)
    #expect(Parking.parks)
    #expect(SpinThenPark.parks)
  }

  @Test func strategiesThatDoNotParkNeverAskTo() {
    var spin = BusySpin()
    var yielding = Yielding()
    var backoff = Backoff()
    #expect(looksBeforeParking(&spin, limit: 5000) == 5000)
    #expect(looksBeforeParking(&yielding, limit: 500) == 500)
    #expect(looksBeforeParking(&backoff, limit: 500) == 500)
  }

  @Test func parkingParksAtOnceAndAlways() {
    var parking = Parking()
    #expect(looksBeforeParking(&parking, limit: 10) == 0)
    parking.reset()
    #expect(looksBeforeParking(&parking, limit: 10) == 0)
  }

  @Test func backoffHintsAHundredTimesThenYields() {
    var backoff = Backoff()
    for look in 1...100 as ClosedRange<UInt32> {
      _ = backoff.shouldPark()
      #expect(backoff.looks == look)
    }
    // Looks are counted only while they are spun.
    _ = backoff.shouldPark()
    #expect(backoff.looks == 100)
    backoff.reset()
    #expect(backoff.looks == 0)
  }

  @Test func spinThenParkParksAfterAThousandLooksAndStaysParked() {
    var wait = SpinThenPark()
    #expect(looksBeforeParking(&wait, limit: 5000) == 1000)
    #expect(looksBeforeParking(&wait, limit: 5000) == 0)
  }

  @Test func resetStartsTheSpinAnew() {
    var wait = SpinThenPark()
    for spent in [1, 999, 1000, 2000] {
      for _ in 0..<spent { _ = wait.shouldPark() }
      wait.reset()
      #expect(looksBeforeParking(&wait, limit: 5000) == 1000, "after \(spent) looks")
      wait.reset()
    }
  }
}
