import DriverInterface
import Platform
import Testing

@testable import WorkloadLoops

@Suite struct MessageStampTests {
  private let stamp = MessageStamp(
    number: SequenceNumber(stream: 3, sequence: 12345), intendedNanoseconds: 1_000_000_007,
    sentNanoseconds: 1_000_000_099)

  /// A stamped body in memory of its own, one byte longer than it is.
  private func withBody(_ byteCount: Int, checksPayload: Bool, _ use: (UnsafeMutableRawPointer) -> Void) {
    var stamper = MessageStamper(byteCount: byteCount, checksPayload: checksPayload, seed: 9)
    let body = stamper.stamp(stamp)
    let copy = unsafe AlignedMemory.allocate(byteCount: byteCount + 64)
    unsafe copy.copyMemory(from: body.start, byteCount: byteCount)
    unsafe use(copy)
    unsafe AlignedMemory.deallocate(copy)
  }

  @Test func everyBodyReadsBackItsStamp() {
    for checksPayload in [false, true] {
      for byteCount in [32, 33, 39, 40, 100, 128, 1000, 65536, 1_000_000] {
        unsafe withBody(byteCount, checksPayload: checksPayload) { memory in
          let body = unsafe MessageBody(start: memory, count: byteCount)
          #expect(MessageStamp(of: body, checksPayload: checksPayload) == stamp, "\(byteCount) bytes")
        }
      }
    }
  }

  @Test func everySingleFlippedBitIsFound() {
    var missedCount = 0
    for byteCount in 32...160 {
      unsafe withBody(byteCount, checksPayload: true) { memory in
        let body = unsafe MessageBody(start: memory, count: byteCount)
        for bit in 0..<8 * byteCount {
          let cell = unsafe memory + bit / 8
          let byte = unsafe cell.load(as: UInt8.self)
          unsafe cell.storeBytes(of: byte ^ 1 << (bit % 8), as: UInt8.self)
          if MessageStamp(of: body, checksPayload: true) != nil { missedCount += 1 }
          unsafe cell.storeBytes(of: byte, as: UInt8.self)
        }
        if MessageStamp(of: body, checksPayload: true) != stamp { missedCount += 1 }
      }
    }
    #expect(missedCount == 0)
  }

  @Test func everyTruncationAndExtensionIsFoundEvenWithoutChecksums() {
    for checksPayload in [false, true] {
      for byteCount in [32, 33, 64, 160] {
        unsafe withBody(byteCount, checksPayload: checksPayload) { memory in
          for other in 0...byteCount + 64 where other != byteCount {
            let body = unsafe MessageBody(start: memory, count: other)
            #expect(MessageStamp(of: body, checksPayload: checksPayload) == nil, "\(byteCount) bytes as \(other)")
          }
        }
      }
    }
  }

  @Test func bodiesOfOneStamperDifferInContentAndAgreeForOneSeed() {
    var one = MessageStamper(byteCount: 64, checksPayload: false, seed: 5)
    var other = MessageStamper(byteCount: 64, checksPayload: false, seed: 5)
    var contents: Set<[UInt8]> = []
    for _ in 0..<16 {
      let content = unsafe Array(one.stamp(stamp).bytes)
      let again = unsafe Array(other.stamp(stamp).bytes)
      #expect(content == again)
      contents.insert(content)
    }
    #expect(contents.count == 16)
  }

  @Test func sequenceNumberKeepsItsPartsApart() {
    for stream in [0, 1, 65535] {
      for sequence in [0, 1, 1 << 47, 1 << 48 - 1] as [UInt64] {
        let number = SequenceNumber(stream: stream, sequence: sequence)
        #expect(number.stream == stream)
        #expect(number.sequence == sequence)
      }
    }
  }

  private func expectEveryFlipFound<Item: RingItem>(_ type: Item.Type, from firstBit: Int = 0) {
    let number = SequenceNumber(stream: 1, sequence: 77).word
    let item = Item(number: number)
    #expect(item.difference(from: number, holdingTimes: false) == 0)
    for bit in firstBit..<8 * MemoryLayout<Item>.size {
      let flipped = flipping(bit, of: item)
      #expect(flipped.difference(from: number, holdingTimes: false) != 0, "\(type), bit \(bit), against the run")
      #expect(flipped.difference(from: flipped.number, holdingTimes: false) != 0, "\(type), bit \(bit), by itself")
    }
  }

  @Test func everyFlippedBitOfARingItemIsFound() {
    expectEveryFlipFound(RingRecord<2>.self)
    expectEveryFlipFound(RingRecord<4>.self)
    expectEveryFlipFound(RingRecord<8>.self)
    expectEveryFlipFound(RingRecord<32>.self)
    // A word has nothing to compare itself with; as part of a run it has.
    for bit in 0..<64 {
      #expect(flipping(bit, of: RingWord(number: 77)).difference(from: 77, holdingTimes: false) != 0)
    }
  }

  @Test func timesAreCarriedWhereThereIsRoomAndNotCompared() {
    let item = RingRecord<4>(number: 5, intendedNanoseconds: 100, sentNanoseconds: 130)
    #expect(item.times == (100, 130))
    #expect(item.difference(from: 5, holdingTimes: true) == 0)
    #expect(flipping(3 * 64, of: item).difference(from: 5, holdingTimes: true) != 0)
  }

  /// A record of two words used to write its times over its end.
  @Test func itemsWithoutRoomForTimesAreTheirNumbersUnderAnyLoad() {
    let record = RingRecord<2>(number: 5, intendedNanoseconds: 100, sentNanoseconds: 130)
    #expect(record.difference(from: 5, holdingTimes: false) == 0)
    #expect(record.times == (0, 0))
    #expect(RingWord(number: 5, intendedNanoseconds: 1, sentNanoseconds: 2).times == (0, 0))
  }

  @Test func boardKeepsStreamsAndSidesApart() {
    let board = StreamBoard(names: (0..<100).map { "\($0)" })
    for stream in 0..<100 { board.setAcceptedCount(UInt64(stream), ofStream: stream) }
    for stream in 0..<100 { for _ in 0..<2 { board.addCompleted(UInt64(stream), ofStream: stream) } }
    for stream in 0..<100 {
      #expect(board.acceptedCount(ofStream: stream) == UInt64(stream))
      #expect(board.completedCount(ofStream: stream) == 2 * UInt64(stream))
    }
  }

  /// It used to write past the board's memory.
  @Test func boardIgnoresCompletionsOfStreamsThatDoNotExist() {
    let board = StreamBoard(names: ["only"])
    for stream in [1, 2, 65535] { board.addCompleted(1, ofStream: stream) }
    #expect(board.completedCount(ofStream: 0) == 0)
  }
}
