import CZlib
import Distributions
import DriverInterface
import Histograms
import Platform
import Testing

@testable import WorkloadLoops

/// Bodies of different sizes and contents, and consumers that know them.
@Suite struct BodySizeTests {
  static let sizes = BodySizes(seed: 7, byStream: [.lognormal(p50: 64, p99: 200, within: 32...256), .fixed(100)])

  @Test func everyBodyHasTheSizeOfItsNumber() {
    var stamper = MessageStamper(byteCount: 256, checksPayload: true, seed: 1, sizes: Self.sizes)
    var seen: Set<Int> = []
    for sequence in 0..<500 as Range<UInt64> {
      let number = SequenceNumber(stream: 0, sequence: sequence)
      let stamp = MessageStamp(number: number, intendedNanoseconds: 1, sentNanoseconds: 2)
      let body = stamper.stamp(stamp)
      #expect(body.count == Self.sizes.byteCount(of: number))
      #expect((32...256).contains(body.count))
      #expect(MessageStamp(of: body, checksPayload: true) == stamp)
      #expect(stamper.stamp(stamp, byteCount: 77).count == 77)
      seen.insert(body.count)
    }
    #expect(seen.count > 50)
    #expect(Self.sizes.byteCount(of: SequenceNumber(stream: 1, sequence: 5)) == 100)
  }

  @Test func alikeBodiesNeedNoDrawing() {
    #expect(Self.sizes.fixedByteCount == 0)
    #expect(BodySizes(seed: 1, byStream: [.fixed(64), .cycle([64, 64])]).fixedByteCount == 64)
    #expect(BodySizes(seed: 1, byStream: [.fixed(64), .fixed(65)]).fixedByteCount == 0)
    #expect(!BodySizes.unknown.areKnown)
  }

  /// What a compressor saves is about the share that was asked for, for alike bodies and for different ones.
  @Test(arguments: [0, 0.25, 0.5, 0.9], [0, 1])
  func aCompressorSavesTheShare(share: Double, varying: Int) throws {
    let sizes = varying == 1 ? BodySizes(seed: 1, byStream: [.uniform(512...4_096)]) : BodySizes.unknown
    var stamper = MessageStamper(
      byteCount: 4_096, checksPayload: true, seed: 5, sizes: sizes, compressibleShare: share)
    var (before, after) = (0, 0)
    for sequence in 0..<16 as Range<UInt64> {
      let body = stamper.stamp(
        MessageStamp(
          number: SequenceNumber(stream: 0, sequence: sequence), intendedNanoseconds: 1 << 40, sentNanoseconds: 1 << 41)
      )
      before += body.count
      after += compressedByteCount(body)
    }
    #expect(abs(1 - Double(after) / Double(before) - share) < 0.06, "\(after) of \(before)")
  }

  private func compressedByteCount(_ body: MessageBody) -> Int {
    var count = compressBound(UInt(body.count))
    var output = [UInt8](repeating: 0, count: Int(count))
    let status = unsafe compress2(&output, &count, body.start.assumingMemoryBound(to: UInt8.self), UInt(body.count), 6)
    #expect(status == Z_OK)
    return Int(count)
  }

  /// A whole body with a right checksum is still not the message's when it has another size.
  @Test func aBodyOfAnotherSizeIsCorrupted() {
    let bench = Bench()
    let tracker = SequenceTracker(ledger: bench.ledger, checksOrder: true, findings: bench.received.findings)
    var consumer = ConsumeLoop(
      receiver: FakeReceiver(bench.queue), wait: BusySpin(), time: bench.clock, meters: bench.received,
      board: bench.board, tracker: tracker, handler: MessageHandler(plan: .none, seed: 0, serviceTimes: []),
      checksPayload: true, batchCount: 4, acknowledgement: .each, sizes: BodySizes(seed: 1, byStream: [.fixed(64)]))
    var stamper = MessageStamper(byteCount: 64, checksPayload: true, seed: 1)
    for (sequence, byteCount) in [(0, 64), (1, 63), (2, 64)] as [(UInt64, Int)] {
      let stamp = MessageStamp(
        number: SequenceNumber(stream: 0, sequence: sequence), intendedNanoseconds: 0, sentNanoseconds: 0)
      _ = bench.queue.offer(stamper.stamp(stamp, byteCount: byteCount))
    }
    consumer.run(bench.lastPhase())
    #expect(bench.received.value(of: .unique) == 2)
    #expect(bench.received.value(of: .corrupted) == 1)
  }

  @Test func producersFollowATraceAndNoteWhatTheySent() {
    let bench = Bench(streamCount: 2)
    let meters = WorkerMeters(layout: .latency, sendLogCapacity: 10)
    var producer = ProduceLoop(
      sender: FakeSender(bench.queue), stamper: MessageStamper(byteCount: 128, checksPayload: true, seed: 1),
      wait: BusySpin(), time: bench.clock, meters: meters, board: bench.board, producer: 0, of: 1, firstStream: 0,
      routeCount: 2, batchCount: 8, confirmLimit: 0)
    let entries: [SendingTrace.Entry] = [
      .init(offsetNanoseconds: 0, byteCount: 40, route: 1), .init(offsetNanoseconds: 0, byteCount: 50, route: 1),
      .init(offsetNanoseconds: 0, route: 0), .init(offsetNanoseconds: 900, byteCount: 60, route: 1),
    ]
    let control = phase(.trace(SendingTrace(name: "t", entries), speed: 1), duration: 1_000)
    var schedule = producer.begin(control)
    loop: while true {
      switch producer.step(control, &schedule) {
      case .idle(let until): bench.clock.nanoseconds = until
      case .worked: continue
      case .blocked, .finished: break loop
      }
    }
    producer.finish(&schedule)
    let received = (0..<4).map { bench.queue.message(at: $0).body }
    #expect(received.map(\.count) == [40, 50, 128, 60])
    #expect(
      received.compactMap { MessageStamp(of: $0, checksPayload: true)?.number }
        == [(1, 0), (1, 1), (0, 0), (1, 2)].map { SequenceNumber(stream: $0.0, sequence: $0.1) })
    #expect(meters.sendLog?.messages.map(\.byteCount) == [40, 50, 128, 60])
    #expect(meters.sendLog?.messages.map(\.route) == [1, 1, 0, 1])
    #expect(meters.sendLog?.messages.map(\.offsetNanoseconds) == [0, 0, 0, 900])
  }

  @Test func routesMayBeDrawn() {
    let bench = Bench(capacity: 2_048, streamCount: 4)
    let keys = KeyDistribution.zipf(exponent: 2, count: 4)
    var producer = ProduceLoop(
      sender: FakeSender(bench.queue), stamper: MessageStamper(byteCount: 64, checksPayload: true, seed: 1),
      wait: BusySpin(), time: bench.clock, meters: bench.sent, board: bench.board, producer: 0, of: 1, firstStream: 0,
      routeCount: 4, batchCount: 1, confirmLimit: 0, routeChoice: keys, seed: 9)
    producer.run(phase(.saturate(messageCount: 1_000)))
    let counts = (0..<4).map { Int(bench.board.acceptedCount(ofStream: $0)) }
    #expect(counts.reduce(0, +) == 1_000)
    let seed = MessageBits.seed(9, for: .key)
    let drawn = (0..<1_000 as Range<UInt64>).map { keys.index(seed: seed, producer: 0, number: $0) }
    #expect(counts == (0..<4).map { route in drawn.count { $0 == route } })
    #expect(counts[0] > 600)
  }
}
