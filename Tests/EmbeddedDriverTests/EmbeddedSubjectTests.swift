import Distributions
import DriverInterface
import EmbeddedDriver
import Histograms
import Platform
import Testing
import WorkloadLoops

/// What the embedded driver refuses to prepare, whoever asks.
@Suite struct EmbeddedSubjectTests {
  static func plan(
    _ pattern: WorkloadPlan.Pattern, topology: Topology = Topology(queues: [.init(name: "q")]), payload: Int = 64
  ) -> WorkloadPlan {
    WorkloadPlan(
      pattern: pattern, topology: topology,
      producers: [.init(name: "p.0", keys: ["q"], queuesByKey: [["q"]], payloadByteCount: payload, wait: .park)],
      consumers: [.init(name: "c.0", queue: "q", wait: .park)], serviceTimes: [.fixed(0)],
      checksPayload: true, checksOrder: true, seed: 1, histogramLayout: .latency, time: CycleCounter.shared)
  }

  @Test func itCanDoWhatThePlansAskFor() {
    let subject = EmbeddedSubject()
    #expect(subject.name == "embedded")
    let capabilities = subject.capabilities
    #expect(capabilities.rings && capabilities.publisherConfirms)
    #expect(capabilities.requestReply && capabilities.sharedClock)
    #expect(subject.statistics().queues.isEmpty)
  }

  @Test func workersComeProducersFirstWithTheNamesOfThePlan() throws {
    let subject = EmbeddedSubject()
    let workers = try subject.prepare(Self.plan(.workQueue))
    #expect(workers.workers.map(\.name) == ["p.0", "c.0"])
    #expect(workers.workers.map(\.role) == [.producer, .consumer])
    #expect(workers.ledgers.map(\.name) == ["q"])
    #expect(subject.statistics().queues.map(\.name) == ["q"])
  }

  /// It used to end the process at the first message.
  @Test func aBodyThatTheBrokerCannotStoreIsRefused() {
    let error = #expect(throws: DriverError.self) {
      try EmbeddedSubject().prepare(Self.plan(.workQueue, payload: 1_048_577))
    }
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains("1048577 bytes") == true)
  }

  /// It used to end the process: records and their headers would need a ring of 2 GiB.
  @Test(arguments: [false, true])
  func moreRecordsThanAByteRingHoldsAreRefused(areVarying: Bool) {
    let ring = WorkloadPlan.RingPlan(
      kind: .bytes, capacity: 1 << 26, publishesLazily: false, isRoundTrip: false, itemByteCount: 8,
      hasVaryingRecords: areVarying)
    let error = #expect(throws: DriverError.self) { try EmbeddedSubject().prepare(Self.plan(.ring(ring), payload: 8)) }
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains("67108864 records of 8 bytes") == true, "\(error?.message ?? "")")
  }

  @Test func anItemOfAnOddSizeIsRefused() {
    let ring = WorkloadPlan.RingPlan(
      kind: .singleProducer, capacity: 8, publishesLazily: false, isRoundTrip: false, itemByteCount: 24)
    let error = #expect(throws: DriverError.self) { try EmbeddedSubject().prepare(Self.plan(.ring(ring))) }
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains("24 bytes") == true)
  }

  @Test func whatTheBrokerRefusesIsTheDriversError() {
    let unbound = Topology(
      queues: [.init(name: "q")], bindings: [.init(exchange: "none", destination: .queue("q"), key: "k")])
    let error = #expect(throws: DriverError.self) {
      try EmbeddedSubject().prepare(Self.plan(.workQueue, topology: unbound))
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("none") == true)
  }
}
