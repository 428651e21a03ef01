import Synchronization
import WorkloadLoops

/// The consumer of a fake subject, which may fail like one that lives in another process.
final class FakeConsumer: ThreadWorker {
  let role = WorkerRole.consumer
  let name: String
  let meters: WorkerMeters
  private let stream: FakeStream
  private let failingPhase: String?
  private let hasFailed = Atomic<Bool>(false)

  init(name: String, meters: WorkerMeters, stream: FakeStream, failingPhase: String?) {
    self.name = name
    self.meters = meters
    self.stream = stream
    self.failingPhase = failingPhase
  }

  var failure: String? { hasFailed.load(ordering: .acquiring) ? "the consumer is gone" : nil }

  func run(_ phase: PhaseControl) {
    if phase.plan.name == failingPhase {
      hasFailed.store(true, ordering: .releasing)
    } else {
      stream.consume(phase, meters)
    }
  }
}
