import Distributions
import DriverInterface
import Histograms
import Platform
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

/// Which queue has to receive which stream, without asking the broker.
@Suite struct StreamMapTests {
  static let plan = WorkloadPlan(
    pattern: .workQueue,
    topology: Topology(queues: [.init(name: "a"), .init(name: "b"), .init(name: "k")]),
    producers: [
      .init(
        name: "p.0", exchange: "e", keys: ["k", "l"], queuesByKey: [["a"], ["a", "b"]], payloadByteCount: 32,
        wait: .park),
      .init(name: "q.0", exchange: "f", keys: ["k"], queuesByKey: [["b"]], payloadByteCount: 32, wait: .park),
      .init(name: "r.0", keys: ["k", "b"], queuesByKey: [["k"], ["b"]], payloadByteCount: 32, wait: .park),
    ],
    consumers: [],
    serviceTimes: [.fixed(1), .fixed(2), .fixed(3)], checksPayload: true,
    checksOrder: true, seed: 1, histogramLayout: .latency, time: CycleCounter.shared)

  @Test func aStreamIsAProducerAndAKey() {
    let map = StreamMap(Self.plan)
    #expect(map.streams.map(\.name) == ["p.0 → k", "p.0 → l", "q.0 → k", "r.0 → k", "r.0 → b"])
    #expect(map.firstStreams == [0, 2, 3])
  }

  @Test func aStreamGoesWhereThePlanSaysThatItsKeyLeads() {
    let map = StreamMap(Self.plan)
    #expect(map.streams(to: "a") == [0, 1])
    #expect(map.streams(to: "b") == [1, 2, 4])
    #expect(map.streams(to: "k") == [3])
    #expect(map.streams(to: "unknown").isEmpty)
  }

  @Test func workGoesWithTheProducer() {
    #expect(
      StreamMap(Self.plan).serviceTimes(Self.plan) == [
        .fixed(1), .fixed(1), .fixed(2), .fixed(3),
        .fixed(3),
      ])
  }
}
