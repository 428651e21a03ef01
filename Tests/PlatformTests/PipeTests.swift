import Testing

@testable import Platform

/// Pipes that hold a message before anybody reads, and what a child takes over from its parent.
@Suite struct PipeTests {
  @Test(arguments: [0, 1, 65_536, 65_537, 1 << 20])
  func holdsItsBytesUntilTheyAreRead(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let reading = try OwnedDescriptor.pipe(holding: bytes)
    #expect(try reading.readToEnd() == bytes)
    #expect(try reading.readToEnd().isEmpty, "the end stays the end")
  }

  /// Nobody would ever read while it waits.
  @Test func refusesMoreThanAPipeHolds() {
    #expect(throws: SystemError.self) {
      try OwnedDescriptor.pipe(holding: [UInt8](repeating: 0, count: OwnedDescriptor.pipeByteCountMax + 1))
    }
  }

  @Test func aTakenOverCalibrationCountsLikeTheClock() throws {
    guard let calibration = CycleCounter.shared.calibration else { return }
    let counter = CycleCounter.anchored(scale: calibration)
    let before = MonotonicClock.now()
    let now = counter.now()
    let after = MonotonicClock.now()
    #expect(now >= before - 100_000 && now <= after + 100_000)
    #expect(counter.calibration == calibration)
  }
}
