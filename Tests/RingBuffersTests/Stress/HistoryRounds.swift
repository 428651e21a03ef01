import Distributions
import Platform
import Testing

/// One thread's part in a history: it owns an end of the ring and records what it does.
protocol HistoryActor<Operation>: ~Copyable, SendableMetatype {
  associatedtype Operation: Sendable

  /// One call, chosen at random.
  mutating func act(_ log: inout HistoryLog<Operation>, random: inout SplitMix64)

  /// Called when all calls of the round are over, at the same time as for the other threads: takes what is left, so that the
  /// history also tells that.
  mutating func drain(_ log: inout HistoryLog<Operation>)
}

/// Plays short rounds on one ring with a few threads and searches for the order that explains each of them.
final class HistoryRounds<Model: SequentialModel & Sendable>: Sendable {
  typealias Operation = Model.Operation

  private static var count: Int { 1_500 }

  private let seed: UInt64
  private let clock = HistoryClock()
  /// The ring before the present round.
  private let model: Guarded<Model>
  private let calls = Guarded<[RecordedCall<Operation>]>([])
  private let complaint = Guarded<String?>(nil)

  init(model: Model, seed: UInt64) {
    self.model = Guarded(model)
    self.seed = seed
  }

  /// Three or four calls per thread and round; then the ends are drained and the first consumer looks at the history.
  /// - Parameters:
  ///   - makeProducer: Makes the end of a producing thread, numbered from `consumers` on.
  ///   - makeConsumer: Makes the end of a consuming thread, numbered from 0; before the first producer does anything.
  func expectExplained<Producer: HistoryActor & ~Copyable, Consumer: HistoryActor & ~Copyable>(
    producers: Int, consumers: Int = 1, makeProducer: @escaping @Sendable (Int) -> Producer,
    makeConsumer: @escaping @Sendable (Int) -> Consumer
  ) throws where Producer.Operation == Operation, Consumer.Operation == Operation {
    let barrier = RoundBarrier(threadCount: producers + consumers)
    try concurrently(producers + consumers) { thread in
      if thread < consumers {
        var consumer = makeConsumer(thread)
        self.play(&consumer, thread: thread, meetingAt: barrier)
      } else {
        var producer = makeProducer(thread)
        self.play(&producer, thread: thread, meetingAt: barrier)
      }
    }
    let found = complaint.withLock { $0 }
    #expect(found == nil, "seed \(seed)")
  }

  private func play<Actor: HistoryActor & ~Copyable>(
    _ actor: inout Actor, thread: Int, meetingAt barrier: RoundBarrier
  ) where Actor.Operation == Operation {
    var log = HistoryLog<Operation>(thread: thread, clock: clock)
    var random = SplitMix64(seed: seed &* 1_000 &+ UInt64(thread))
    for round in 0..<Self.count {
      guard barrier.arrive() else { return complain("a thread hangs before round \(round)") }
      for _ in 0..<3 + random.below(2) { actor.act(&log, random: &random) }
      guard barrier.arrive() else { return complain("a thread hangs in round \(round)") }
      actor.drain(&log)
      calls.withLock { $0 += log.takeCalls() }
      guard barrier.arrive() else { return complain("a thread hangs after round \(round)") }
      // The others wait for this one before the next round.
      if thread == 0 { check(round) }
    }
  }

  private func check(_ round: Int) {
    let history = calls.withLock { shared in
      defer { shared = [] }
      return shared
    }
    var search = HistorySearch<Model>(history)
    let before = model.withLock { $0 }
    guard let after = search.outcome(from: before) else {
      let story = history.sorted { $0.begin < $1.begin }.map { "\($0)" }.joined(separator: "\n")
      return complain("round \(round) on \(before):\n\(story)")
    }
    model.withLock { $0 = after }
  }

  /// Keeps the first complaint: the others follow from it.
  private func complain(_ text: String) { complaint.withLock { $0 = $0 ?? text } }
}
