import Glibc
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

  /// A new pipe of a user with many of them holds a page or two, and used to keep the writer for ever.
  @Test(arguments: [1, 4096, 4097, 65_536, 1 << 20])
  func smallPipeGrowsForWhatItIsToHold(count: Int) throws {
    let pipe = try OwnedDescriptor.pipe()
    let onePage = fcntl(pipe.writing.number, 1031, Int32(4096))
    #expect(onePage == AlignedMemory.pageByteCount)
    try pipe.writing.makePipe(hold: count)
    // The write must not wait.
    #expect(fcntl(pipe.writing.number, F_SETFL, O_NONBLOCK) == 0)
    try pipe.writing.write([UInt8](repeating: 5, count: count))
    pipe.writing.close()
    #expect(try pipe.reading.readToEnd().count == count)
  }

  @Test func whatIsNoPipeHoldsNothing() throws {
    let file = try OwnedDescriptor.open("/dev/null", O_WRONLY)
    #expect(throws: SystemError.self) { try file.makePipe(hold: 1) }
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
