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
  }

  /// The streams that lead to a queue.
  func streams(to queue: String) -> [Int] {
    streams.indices.filter { streams[$0].queues.contains(queue) }
  }

  /// Work per message, by stream.
  func serviceTimes(_ plan: WorkloadPlan) -> [ValueDistribution] { streams.map { plan.serviceTimes[$0.producer] } }

  /// How large each stream's bodies are.
  func sizes(_ plan: WorkloadPlan) -> BodySizes {
    BodySizes(seed: plan.seed, byStream: streams.map { plan.producers[$0.producer].sizes })
  }
}
