import Platform
import RingBuffers
import Testing

/// Plays short rounds on one ring with a few threads and searches for the order that explains each of them.
final class RingHistoryRounds: Sendable {
  private static let count = 1_500

  private let model: RingModel
  private let seed: UInt64
  private let clock = HistoryClock()
  private let calls = Guarded<[RecordedCall<RingOperation>]>([])
  private let complaint = Guarded<String?>(nil)

  init(model: RingModel, seed: UInt64) {
    self.model = model
    self.seed = seed
  }

  /// Three or four calls per thread and round; the first consumer then drains the ring and looks at the history.
  func expectExplained<
    Producer: RingProducer & ~Copyable & SendableMetatype, Consumer: RingConsumer & ~Copyable & SendableMetatype
  >(
    producers: Int, consumers: Int = 1, makeProducer: @escaping @Sendable () -> Producer,
    makeConsumer: @escaping @Sendable () -> Consumer
  ) throws where Producer.Element == UInt64, Consumer.Element == UInt64 {
    let barrier = RoundBarrier(threadCount: producers + consumers)
    try concurrently(producers + consumers) { thread in
      if thread < consumers {
        var consumer = makeConsumer()
        self.consume(&consumer, thread: thread, meetingAt: barrier)
      } else {
        var producer = makeProducer()
        self.produce(&producer, thread: thread, meetingAt: barrier)
      }
    }
    let found = complaint.withLock { $0 }
    #expect(found == nil, "seed \(seed)")
  }

  private func produce<Producer: RingProducer & ~Copyable>(
    _ producer: inout Producer, thread: Int, meetingAt barrier: RoundBarrier
  ) where Producer.Element == UInt64 {
    var log = HistoryLog<RingOperation>(thread: thread, clock: clock)
    var random = SplitMix64(state: seed &* 1_000 &+ UInt64(thread))
    for round in 0..<Self.count {
      guard barrier.arrive() else { return }
      for call in 0..<3 + random.below(2) {
        log.push(to: &producer, first: UInt64(round * 100 + thread * 20 + call * 4), random: &random)
      }
      calls.withLock { $0 += log.takeCalls() }
      guard barrier.arrive() else { return }
    }
  }

  private func consume<Consumer: RingConsumer & ~Copyable>(
    _ consumer: inout Consumer, thread: Int, meetingAt barrier: RoundBarrier
  ) where Consumer.Element == UInt64 {
    var log = HistoryLog<RingOperation>(thread: thread, clock: clock)
    var random = SplitMix64(state: seed &* 1_000 &+ UInt64(thread))
    for round in 0..<Self.count {
      guard barrier.arrive() else { return complain("a thread hangs before round \(round)") }
      for _ in 0..<3 + random.below(2) { log.pop(from: &consumer, random: &random) }
      calls.withLock { $0 += log.takeCalls() }
      guard barrier.arrive() else { return complain("a thread hangs in round \(round)") }
      if thread == 0 {
        log.drain(&consumer)
        check(round, drained: log.takeCalls())
      }
    }
  }

  private func check(_ round: Int, drained: [RecordedCall<RingOperation>]) {
    let history = calls.withLock { shared in
      defer { shared = [] }
      return shared
        + drained.map { call in
          var later = call
          later.number += 1_000  // The log of the first consumer counts from 0 again after each look.
          return later
        }
    }
    var search = HistorySearch<RingModel>(history)
    guard !search.isExplained(by: model) else { return }
    let story = history.sorted { $0.begin < $1.begin }.map { "\($0)" }.joined(separator: "\n")
    complain("round \(round):\n\(story)")
  }

  /// Keeps the first complaint: the others follow from it.
  private func complain(_ text: String) { complaint.withLock { $0 = $0 ?? text } }
}
