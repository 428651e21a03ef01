import Platform
import RingBuffers
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

/// Both sides of a ring between processes, here in one process, so that the sender can be one that makes mistakes.
@Suite struct PeerRegionTests {
  private typealias Ring = SingleProducerRing<RingWord>

  private let ring = WorkloadPlan.RingPlan(
    kind: .singleProducer, capacity: 64, publishesLazily: false, isRoundTrip: false, itemByteCount: 8,
    isBetweenProcesses: true)

  /// Sends what `numbers` says to a far end that runs one phase; returns the near end's view of what it found.
  private func receive(_ numbers: [UInt64], batch: Int) throws -> (WorkerMeters, SequenceLedger) {
    var plan = EmbeddedSubjectTests.plan(.ring(ring))
    plan.consumers = [.init(name: "c.0", batchCount: batch, wait: .park)]
    let near = try PeerRegion(creatingFor: plan, ring, ringByteCount: Ring.byteCount(capacity: ring.capacity))
    let nearRing = unsafe try Ring(formatting: near.ring(0), capacity: ring.capacity)
    let far = try RingWorkers(plan, ring, side: .far(near.memory)).make()
    let phase = PhasePlan(name: "", load: .saturate(messageCount: nil), durationNanoseconds: nil, seed: 0)
    let control = PhaseControl(plan: phase, startNanoseconds: 0)
    let thread = try PinnedThread(name: "c.0", core: nil) { far.workers[0].withThread.run(control) }
    var producer = nearRing.makeProducer()
    var wait = Parking()
    for number in numbers { _ = producer.push(RingWord(number: number), waiting: &wait) }
    while near.meters[0].value(of: .received) < numbers.count { PrecisionSleep.sleep(nanoseconds: 100_000) }
    control.stopReceiving()
    thread.join()
    var reply = PeerReply.done(PeerRemarks(far.workers, far.ledgers)).encoded
    if case .done(let remarks) = try PeerReply.take(from: &reply) { remarks.apply(to: near.meters, near.ledgers) }
    return (near.meters[0], near.ledgers[0])
  }

  @Test(arguments: [1, 8])
  func whatIsInOrderIsCountedOnBothSides(batch: Int) throws {
    let (meters, ledger) = try receive(Array(0..<300_000), batch: batch)
    #expect(meters.value(of: .unique) == 300_000)
    #expect(meters.value(of: .receivedBytes) == 2_400_000)
    #expect(meters.findings.findings.isEmpty)
    #expect(ledger.missing(stream: 0, acceptedCount: 300_000, limit: 5).isEmpty)
  }

  @Test(arguments: [1, 8])
  func mistakesAreFoundThereAndNamedHere(batch: Int) throws {
    var numbers = Array(0..<300_000 as Range<UInt64>)
    numbers[200_000] = 100_000  // Twice, and 200000 never.
    numbers.swapAt(250_000, 250_001)
    numbers[260_000] = 0xFFFF_0000_0000_0000  // A stream that does not exist.
    numbers.remove(at: 5000)  // Left behind long before the end.
    let (meters, ledger) = try receive(numbers, batch: batch)
    #expect(meters.value(of: .duplicated) == 1)
    #expect(meters.value(of: .reordered) == 1)
    #expect(meters.value(of: .corrupted) == 1)
    #expect(meters.value(of: .unique) == 300_000 - 3)
    let missing = ledger.missing(stream: 0, acceptedCount: 300_000, limit: 5).map(\.sequence)
    #expect(missing == [5000, 200_000, 260_000])
    let findings = meters.findings.findings
    #expect(Set(findings.map(\.kind)) == [.duplicated, .reordered, .corrupted])
    #expect(findings.contains { $0.kind == .duplicated && $0.number?.sequence == 100_000 })
  }

  /// A request that asks for more than the memory holds must not be served.
  @Test func memoryThatIsTooSmallIsRefused() throws {
    let plan = EmbeddedSubjectTests.plan(.ring(ring))
    let memory = try SharedMemory(byteCount: 4096)
    #expect(PeerRegion(attaching: memory, plan, ring, ringByteCount: 1024) == nil)
  }
}
