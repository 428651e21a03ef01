import DriverInterface
import Synchronization
import WorkloadLoops

/// A subject without a broker: its workers only count what a test tells them to count.
final class FakeSubject: Driver {
  let name = "fake"
  let capabilities: Capabilities
  private let behaviours: [String: FakeBehaviour]
  private let refusal: DriverError?
  /// The phase at whose beginning its consumer fails.
  private let failingPhase: String?
  /// Plans that it was asked to prepare.
  let preparedCount = Atomic<Int>(0)
  /// How often it was asked about itself.
  let readCount = Atomic<Int>(0)

  static let everything = Capabilities(rings: true, publisherConfirms: true, requestReply: true, sharedClock: true)

  /// - Parameter behaviours: What happens in each phase, by its name.
  init(
    _ behaviours: [String: FakeBehaviour], capabilities: Capabilities = everything, refusal: DriverError? = nil,
    failingPhase: String? = nil
  ) {
    self.behaviours = behaviours
    self.capabilities = capabilities
    self.refusal = refusal
    self.failingPhase = failingPhase
  }

  /// What happens in the phase of a scenario that has one.
  convenience init(_ behaviour: FakeBehaviour = FakeBehaviour()) { self.init(["main": behaviour]) }

  func prepare(_ plan: WorkloadPlan) throws(DriverError) -> WorkerSet {
    preparedCount.add(1, ordering: .relaxed)
    if let refusal { throw refusal }
    let board = StreamBoard(names: ["\(plan.producers[0].name) → work"])
    let ledger = SequenceLedger(name: "work", streams: [0], streamCount: 1, underWayLimit: 1024, isShared: false)
    let answers = plan.pattern == .requestReply
    let stream = FakeStream(board: board, ledger: ledger, behaviours: behaviours, answers: answers)
    let producerMeters = WorkerMeters(layout: plan.histogramLayout)
    let consumerMeters = WorkerMeters(layout: plan.histogramLayout)
    return WorkerSet(
      workers: [
        LoopWorker(role: .producer, name: plan.producers[0].name, meters: producerMeters) { phase in
          stream.produce(phase, producerMeters)
        },
        FakeConsumer(name: plan.consumers[0].name, meters: consumerMeters, stream: stream, failingPhase: failingPhase),
      ],
      ledgers: answers ? [] : [ledger], board: board)
  }

  func statistics() -> SubjectStatistics {
    readCount.add(1, ordering: .relaxed)
    return SubjectStatistics(
      queues: [.init(name: "work", readyCount: 0, unacknowledgedCount: 0, consumerCount: 1, memoryByteCount: 7)])
  }
}
