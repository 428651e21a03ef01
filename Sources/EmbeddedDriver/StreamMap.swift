import Distributions
import DriverInterface
import WorkloadLoops

/// Which streams a workload has (one per producer and route) and which queues each leads to, worked out from the plan's own
/// bindings: what the subject then does is compared with this, never taken from it.
struct StreamMap {
  /// One stream.
  struct Stream {
    var producer: Int
    var exchange: String
    var key: String
    var name: String
  }

  /// All streams; a producer's are next to one another, in the order of its keys.
  let streams: [Stream]
  /// The first stream of each producer.
  let firstStreams: [Int]
  private let bindings: [Topology.Binding]

  init(_ plan: WorkloadPlan) {
    var streams: [Stream] = []
    var firstStreams: [Int] = []
    for (index, producer) in plan.producers.enumerated() {
      firstStreams.append(streams.count)
      for key in producer.keys {
        streams.append(
          Stream(producer: index, exchange: producer.exchange, key: key, name: "\(producer.name) → \(key)"))
      }
    }
    self.streams = streams
    self.firstStreams = firstStreams
    bindings = plan.topology.bindings
  }

  /// The streams that lead to a queue.
  func streams(to queue: String) -> [Int] {
    streams.indices.filter { index in
      let stream = streams[index]
      guard stream.exchange != "" else { return stream.key == queue }
      return bindings.contains { $0.exchange == stream.exchange && $0.key == stream.key && $0.queue == queue }
    }
  }

  /// Work per message, by stream.
  func serviceTimes(_ plan: WorkloadPlan) -> [ValueDistribution] { streams.map { plan.serviceTimes[$0.producer] } }

  /// How large each stream's bodies are.
  func sizes(_ plan: WorkloadPlan) -> BodySizes {
    BodySizes(seed: plan.seed, byStream: streams.map { plan.producers[$0.producer].sizes })
  }
}
