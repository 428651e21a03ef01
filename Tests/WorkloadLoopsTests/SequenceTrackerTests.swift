import Distributions
import Testing

@testable import WorkloadLoops

/// What a tracker counts.
private struct Verdict: Equatable {
  var unique = 0
  var duplicated = 0
  var reordered = 0
  var strangers = 0
}

private struct Delivery: Equatable {
  var number: SequenceNumber
  var isRedelivered = false
}

@Suite struct SequenceTrackerTests {
  private func verdict(_ deliveries: [Delivery], _ ledger: SequenceLedger) -> Verdict {
    var tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: FindingLog())
    for delivery in deliveries { tracker.record(delivery.number, isRedelivered: delivery.isRedelivered) }
    tracker.settle()
    return Verdict(
      unique: tracker.uniqueCount, duplicated: tracker.duplicatedCount, reordered: tracker.reorderedCount,
      strangers: tracker.strangerCount)
  }

  /// The words of the counters, taken literally.
  private func model(_ deliveries: [Delivery], streams: Set<Int>) -> Verdict {
    var verdict = Verdict()
    var seen: Set<UInt64> = []
    var highest: [Int: UInt64] = [:]
    for delivery in deliveries {
      let number = delivery.number
      guard streams.contains(number.stream) else {
        verdict.strangers += 1
        continue
      }
      let isNew = seen.insert(number.word).inserted
      if isNew { verdict.unique += 1 }
      if !delivery.isRedelivered {
        if !isNew {
          verdict.duplicated += 1
        } else if let highest = highest[number.stream], number.sequence < highest {
          verdict.reordered += 1
        }
      }
      highest[number.stream] = max(highest[number.stream] ?? 0, number.sequence)
    }
    return verdict
  }

  private func permutations(_ items: [Delivery]) -> [[Delivery]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  /// Two streams in one ledger are one world; a ledger has room for many.
  private final class Worlds {
    private var ledger = SequenceLedger(
      name: "", streams: Array(0..<4096), streamCount: 4096, underWayLimit: 1, isShared: false)
    private var next = 0

    func take() -> (ledger: SequenceLedger, firstStream: Int) {
      if next == 4096 {
        ledger = SequenceLedger(
          name: "", streams: Array(0..<4096), streamCount: 4096, underWayLimit: 1, isShared: false)
        next = 0
      }
      defer { next += 2 }
      return (ledger, next)
    }
  }

  private func check(_ order: [Delivery], in worlds: Worlds) -> Bool {
    let (ledger, firstStream) = worlds.take()
    let moved = order.map {
      Delivery(number: SequenceNumber(stream: firstStream + $0.number.stream, sequence: $0.number.sequence))
    }
    return verdict(moved, ledger) == model(moved, streams: [firstStream, firstStream + 1])
  }

  /// Every order of up to 6 messages of two streams, every one of them lost, and every one doubled to every place. Doubling
  /// 6 messages is left to release: a quarter of a million worlds.
  @Test func everyPermutationLossAndDuplicationIsClassifiedExactly() {
    #if DEBUG
      let longestDoubled = 4
    #else
      let longestDoubled = 6
    #endif
    let worlds = Worlds()
    var wrongCount = 0
    for length in 1...6 {
      for split in 0...length {
        let inOrder = (0..<length).map { index in
          let isFirst = index < split
          return Delivery(
            number: SequenceNumber(stream: isFirst ? 0 : 1, sequence: UInt64(isFirst ? index : index - split)))
        }
        for order in permutations(inOrder) {
          if !check(order, in: worlds) { wrongCount += 1 }
          guard length <= longestDoubled else { continue }
          for index in 0..<length {
            var shorter = order
            shorter.remove(at: index)
            if !check(shorter, in: worlds) { wrongCount += 1 }
            for place in 0...length {
              var longer = order
              longer.insert(order[index], at: place)
              if !check(longer, in: worlds) { wrongCount += 1 }
            }
          }
        }
      }
    }
    #expect(wrongCount == 0)
  }

  /// Redeliveries, strangers and other queues' streams among runs of two streams of one's own.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func classifiesRandomDeliveriesLikeTheModel(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let ledger = SequenceLedger(name: "", streams: [1, 2], streamCount: 4, underWayLimit: 1, isShared: false)
    var deliveries: [Delivery] = []
    var next: [UInt64] = [0, 0, 0, 0, 0]
    for _ in 0..<400 {
      let stream = [1, 1, 1, 1, 2, 2, 2, 0, 3, 4].randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        var sequence = next[stream]
        switch Int.random(in: 0..<20, using: &random) {
        case 0: sequence -= min(sequence, .random(in: 1...8, using: &random))
        case 1: sequence += .random(in: 1...4, using: &random)
        default: break
        }
        next[stream] = max(next[stream], sequence + 1)
        deliveries.append(
          Delivery(
            number: SequenceNumber(stream: stream, sequence: sequence),
            isRedelivered: Int.random(in: 0..<10, using: &random) == 0))
      }
    }
    #expect(verdict(deliveries, ledger) == model(deliveries, streams: [1, 2]), "seed \(seed)")
  }

  /// A run that went on from before a redelivered message used to count as in order.
  @Test func messageBehindARedeliveredOneIsReordered() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    let deliveries = [(0, false), (1, false), (5, true), (2, false), (6, false)].map { sequence, isRedelivered in
      Delivery(number: SequenceNumber(stream: 0, sequence: UInt64(sequence)), isRedelivered: isRedelivered)
    }
    #expect(verdict(deliveries, ledger) == Verdict(unique: 5, duplicated: 0, reordered: 1, strangers: 0))
  }

  /// It used to count as one more different message, which hid the loss in the queue that it should have been in.
  @Test func messageOfAStreamThatLeadsElsewhereIsAStranger() {
    let ledger = SequenceLedger(name: "", streams: [1], streamCount: 2, underWayLimit: 1, isShared: false)
    for stray in 0..<3 {
      let deliveries = (0...UInt64(stray)).map { Delivery(number: SequenceNumber(stream: 0, sequence: $0)) }
      #expect(verdict(deliveries, ledger) == Verdict(strangers: stray + 1))
    }
  }

  /// It used to fill the side table with all numbers in between.
  @Test func numberBeyondReasonIsAStranger() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    let deliveries = [0, 1, 1 << 47, 2, 3].map { Delivery(number: SequenceNumber(stream: 0, sequence: $0)) }
    #expect(verdict(deliveries, ledger) == Verdict(unique: 4, duplicated: 0, reordered: 0, strangers: 1))
  }

  @Test func allOnesIsAStranger() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    #expect(verdict([Delivery(number: SequenceNumber(word: .max))], ledger) == Verdict(strangers: 1))
  }

  @Test func batchIsRecordedOnlyWhereItContinuesTheRun() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    var tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: FindingLog())
    let answers = [(0, 10), (10, 5), (14, 1), (15, 9000), (9015, 1)].map { first, count in
      tracker.recordRun(first: UInt64(first), count: count)
    }
    #expect(answers == [true, true, false, true, true])
    let settledOnTheWay = tracker.uniqueCount
    #expect(settledOnTheWay == 9015, "the last one found the run long enough to be settled first")
    tracker.settle()
    let unique = tracker.uniqueCount
    #expect(unique == 9016)
  }

  @Test func newPhaseForgetsCountsAndRemembersNumbers() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    var tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: FindingLog())
    for sequence in [0, 1, 2, 1] as [UInt64] {
      tracker.record(SequenceNumber(stream: 0, sequence: sequence), isRedelivered: false)
    }
    tracker.beginPhase()
    let uniqueAtFirst = tracker.uniqueCount
    #expect(uniqueAtFirst == 0)
    for sequence in [3, 2] as [UInt64] {
      tracker.record(SequenceNumber(stream: 0, sequence: sequence), isRedelivered: false)
    }
    tracker.settle()
    let (unique, duplicated) = (tracker.uniqueCount, tracker.duplicatedCount)
    #expect(unique == 1)
    #expect(duplicated == 1)
  }

  @Test func withoutOrderChecksNothingIsReordered() {
    let ledger = SequenceLedger(name: "", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    var tracker = SequenceTracker(ledger: ledger, checksOrder: false, findings: FindingLog())
    for sequence in (0..<100 as Range<UInt64>).reversed() {
      tracker.record(SequenceNumber(stream: 0, sequence: sequence), isRedelivered: false)
    }
    tracker.settle()
    let (unique, reordered) = (tracker.uniqueCount, tracker.reorderedCount)
    #expect(unique == 100)
    #expect(reordered == 0)
  }

  @Test func aStreamThatBelongsToOneConsumerIsNoOtherConsumers() {
    let ledger = SequenceLedger(name: "q", streams: [0, 1], streamCount: 2, underWayLimit: 64, isShared: true)
    let owners = StreamOwners(streamCount: 2)
    var first = SequenceTracker(ledger: ledger, checksOrder: true, findings: FindingLog(), owners: owners, consumer: 0)
    let log = FindingLog()
    var second = SequenceTracker(ledger: ledger, checksOrder: true, findings: log, owners: owners, consumer: 1)
    for sequence in 0..<5 { first.record(.init(stream: 0, sequence: UInt64(sequence)), isRedelivered: false) }
    for sequence in 0..<5 { second.record(.init(stream: 1, sequence: UInt64(sequence)), isRedelivered: false) }
    second.settle()
    #expect(second.reorderedCount == 0)
    // In order for whoever gets it, but its handling may overtake that of those before.
    second.record(.init(stream: 0, sequence: 5), isRedelivered: false)
    #expect(second.reorderedCount == 1)
    #expect(log.findings.first?.kind == .reordered)
    second.record(.init(stream: 0, sequence: 4), isRedelivered: true)
    #expect(second.reorderedCount == 1, "what comes back may come to anyone")
    #expect(first.reorderedCount == 0)
  }

  @Test func comingTwiceIsNoMistakeWhereTwoWaysLead() {
    let ledger = SequenceLedger(
      name: "q", streams: [], streamCount: 1, underWayLimit: 64, isShared: false, strays: [0], allowsRepeats: true)
    var tracker = SequenceTracker(ledger: ledger, checksOrder: false, findings: FindingLog())
    for sequence in [7, 8, 9, 8, 7, 8, 9, 10] as [UInt64] {
      tracker.record(.init(stream: 0, sequence: sequence), isRedelivered: false)
    }
    tracker.settle()
    #expect(tracker.uniqueCount == 4)
    #expect(tracker.duplicatedCount == 0)
    #expect(tracker.strangerCount == 0)
  }
}
