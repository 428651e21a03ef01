import DriverInterface
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

@Suite struct MessageFaultSelectorTests {
  private func hits(_ faults: [FaultInjection.MessageFault], stream: Int, upTo count: UInt64) -> [UInt64: FaultKind] {
    var selector = MessageFaultSelector(faults, streamCount: 3)
    var hits: [UInt64: FaultKind] = [:]
    for sequence in 0..<count {
      hits[sequence] = selector.fault(of: SequenceNumber(stream: stream, sequence: sequence))
    }
    return hits
  }

  @Test(arguments: [1, 2, 7, 100] as [UInt64], 1...5 as ClosedRange<UInt64>)
  func hitsExactlyOneInEachBlockOfEveryStream(oneIn: UInt64, seed: UInt64) {
    for stream in 0..<3 {
      let hits = hits([.init(kind: .lose, oneIn: oneIn, seed: seed)], stream: stream, upTo: 50 * oneIn)
      let blocks = hits.keys.map { $0 / oneIn }.sorted()
      #expect(blocks == Array(0..<50), "seed \(seed)")
    }
  }

  @Test func dependsOnSeedAndStreamAlone() {
    let fault = FaultInjection.MessageFault(kind: .corrupt, oneIn: 1000, seed: 7)
    let first = hits([fault], stream: 0, upTo: 10_000)
    #expect(first == hits([fault], stream: 0, upTo: 10_000))
    #expect(first != hits([fault], stream: 1, upTo: 10_000))
    #expect(first != hits([.init(kind: .corrupt, oneIn: 1000, seed: 8)], stream: 0, upTo: 10_000))
  }

  /// Consumers see parts of a stream, in other orders after a redelivery.
  @Test func doesNotDependOnTheOrderOfQuestions() {
    let fault = FaultInjection.MessageFault(kind: .lose, oneIn: 10, seed: 3)
    let inOrder = hits([fault], stream: 2, upTo: 200)
    var selector = MessageFaultSelector([fault], streamCount: 3)
    for sequence in (0..<200 as Range<UInt64>).reversed() {
      #expect(selector.fault(of: SequenceNumber(stream: 2, sequence: sequence)) == inOrder[sequence])
    }
  }

  @Test func theFirstFaultOfAMessageWins() {
    let faults = [
      FaultInjection.MessageFault(kind: .lose, oneIn: 2, seed: 1), .init(kind: .duplicate, oneIn: 1, seed: 1),
    ]
    let hits = hits(faults, stream: 0, upTo: 100)
    #expect(hits.values.filter { $0 == .lose }.count == 50)
    #expect(hits.values.filter { $0 == .duplicate }.count == 50)
  }

  @Test func aStreamThatDoesNotExistIsLeftAlone() {
    var selector = MessageFaultSelector([.init(kind: .lose, oneIn: 1, seed: 1)], streamCount: 1)
    let fault = selector.fault(of: SequenceNumber(stream: 1, sequence: 0))
    #expect(fault == nil)
  }
}

@Suite struct WorkerFaultTimetableTests {
  private let faults = [
    FaultInjection.WorkerFault(kind: .pause, phase: "a", startNanoseconds: 50, durationNanoseconds: 10),
    .init(kind: .slowConsumer, phase: "a", startNanoseconds: 10, durationNanoseconds: 40, factor: 2),
    .init(kind: .killWorker, phase: "a", startNanoseconds: 55, durationNanoseconds: nil),
    .init(kind: .pause, phase: "b", startNanoseconds: 0, durationNanoseconds: 1),
  ]

  @Test func changesComeInOrderOfTimeAndEndsFirst() {
    var timetable = WorkerFaultTimetable(faults, phase: "a", start: 1000)
    var seen: [String] = []
    while let change = timetable.takeChange(dueAt: .max) {
      seen.append("\(change.nanoseconds) \(change.fault.kind) \(change.isStart)")
    }
    #expect(
      seen == [
        "1010 slow_consumer true", "1050 slow_consumer false", "1050 pause true", "1055 kill_worker true",
        "1060 pause false",
      ])
    #expect(timetable.nextNanoseconds == .max)
  }

  @Test func nothingIsDueBeforeItsTime() {
    var timetable = WorkerFaultTimetable(faults, phase: "a", start: 1000)
    #expect(timetable.nextNanoseconds == 1010)
    let early = timetable.takeChange(dueAt: 1009)
    #expect(early == nil)
    let due = timetable.takeChange(dueAt: 1010)
    #expect(due?.fault.factor == 2)
    #expect(timetable.nextNanoseconds == 1050)
  }

  @Test func anotherPhaseHasNoneOfThem() {
    #expect(WorkerFaultTimetable(faults, phase: "c", start: 0).nextNanoseconds == .max)
    #expect(WorkerFaultTimetable().nextNanoseconds == .max)
  }
}
