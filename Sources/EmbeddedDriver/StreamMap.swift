import Distributions
import DriverInterface
import WorkloadLoops

/// Which streams a workload has (one per producer and route) and which queues each leads to, as the plan says: what the
/// subject then does is compared with this, never taken from it.
struct StreamMap {
  /// One stream.
  struct Stream {
    var producer: Int
    var exchange: String
    var key: String
    var name: String
    /// The queues that get its messages.
    var queues: [String]
  }

  /// All streams; a producer's are next to one another, in the order of its keys.
  let streams: [Stream]
  /// The first stream of each producer.
  let firstStreams: [Int]
  /// By queue: by stream, by how many ways a message may come there; 2 for any number above 1.
  private let ways: [String: [Int]]

  init(_ plan: WorkloadPlan) {
    var streams: [Stream] = []
    var firstStreams: [Int] = []
    for (index, producer) in plan.producers.enumerated() {
      firstStreams.append(streams.count)
      for (key, queues) in zip(producer.keys, producer.queuesByKey) {
        streams.append(
          Stream(
            producer: index, exchange: producer.exchange, key: key, name: "\(producer.name) → \(key)", queues: queues))
      }
    }
    self.streams = streams
    self.firstStreams = firstStreams
    ways = Self.ways(of: streams, plan.deadLetterQueues)
  }

  /// Follows dead letters until nothing new is found. A way round and back counts again, so it ends at 2.
  private static func ways(of streams: [Stream], _ deadLetterQueues: [String: [String]]) -> [String: [Int]] {
    var direct: [String: [Int]] = [:]
    for (index, stream) in streams.enumerated() {
      for queue in stream.queues { direct[queue, default: Array(repeating: 0, count: streams.count)][index] = 1 }
    }
    var ways = direct
    while true {
      var next = direct
      for (source, queues) in deadLetterQueues {
        guard let coming = ways[source] else { continue }
        for queue in queues {
          let known = next[queue] ?? Array(repeating: 0, count: streams.count)
          next[queue] = zip(known, coming).map { min(2, $0 + $1) }
        }
      }
      if next == ways { return ways }
      ways = next
    }
  }

  /// The streams that lead to a queue.
  func streams(to queue: String) -> [Int] {
    streams.indices.filter { streams[$0].queues.contains(queue) }
  }

  /// The streams of which only dead letters lead to a queue.
  func strays(to queue: String) -> [Int] {
    let coming = ways[queue] ?? []
    return coming.indices.filter { coming[$0] > 0 && !streams[$0].queues.contains(queue) }
  }

  /// Whether a message may come to a queue by several ways.
  func allowsRepeats(in queue: String) -> Bool { (ways[queue] ?? []).contains { $0 > 1 } }

  /// Work per message, by stream.
  func serviceTimes(_ plan: WorkloadPlan) -> [ValueDistribution] { streams.map { plan.serviceTimes[$0.producer] } }

  /// How large each stream's bodies are.
  func sizes(_ plan: WorkloadPlan) -> BodySizes {
    BodySizes(seed: plan.seed, byStream: streams.map { plan.producers[$0.producer].sizes })
  }
}
