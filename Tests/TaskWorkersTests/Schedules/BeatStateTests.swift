import Testing

@testable import TaskWorkers

@Suite struct BeatStateTests {
  @Test func stateSurvivesItsFile() throws {
    #expect(try BeatState(decoding: sample.encoded()) == sample)
    #expect(try BeatState(decoding: BeatState().encoded()) == BeatState())
  }

  @Test func fileThatWasCutShortIsRefused() {
    let bytes = sample.encoded()
    for count in 0..<bytes.count {
      #expect(throws: BeatStateError.self) { try BeatState(decoding: Array(bytes.prefix(count))) }
    }
    #expect(throws: BeatStateError.self) { try BeatState(decoding: bytes + [0]) }
  }

  @Test func everyChangedBitIsNoticed() {
    let bytes = sample.encoded()
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: BeatStateError.self) { try BeatState(decoding: damaged) }
    }
  }

  @Test func errorsSayWhatIsWrong() {
    let notOne = #expect(throws: BeatStateError.self) { try BeatState(decoding: Array("hello, world, hello".utf8)) }
    #expect(notOne?.description.contains("RSBEAT1") == true)
    let damaged = #expect(throws: BeatStateError.self) { try BeatState(decoding: sample.encoded().dropLast() + [0]) }
    #expect(damaged?.description.contains("checksum") == true)
  }

  @Test func damagedFileMeansAFirstStartAndIsTold() throws {
    let storage = MemoryStorage()
    #expect(BeatState.restored(from: storage).state == BeatState() && BeatState.restored(from: storage).problem == nil)
    try sample.store(in: storage)
    #expect(BeatState.restored(from: storage).state == sample)
    storage.bytes?[20] ^= 1
    let restored = BeatState.restored(from: storage)
    #expect(restored.state == BeatState() && restored.problem is BeatStateError)
  }

  private var sample: BeatState {
    var state = BeatState()
    state.progress["nightly report"] = .init(
      schedule: "crontab 0 | 4 | * | * | * Europe/Berlin", origin: -5, settled: .max, lastMoment: nil, firingCount: .max
    )
    state.progress["ping ✓"] = .init(
      schedule: "interval 5 from -", origin: 7, settled: .min, lastMoment: -1, firingCount: 3)
    return state
  }
}

private final class MemoryStorage: BeatStorage {
  var bytes: [UInt8]?

  func load() -> [UInt8]? { bytes }
  func store(_ bytes: [UInt8]) { self.bytes = bytes }
}
