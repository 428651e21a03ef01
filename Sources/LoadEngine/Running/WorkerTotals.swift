import DriverInterface
import Histograms
import WorkloadLoops

/// The meters of all workers of one phase, added up.
struct WorkerTotals {
  private let workers: [any LoadWorker]

  init(_ workers: [any LoadWorker]) { self.workers = workers }

  /// The sum of a counter over the workers of one role, or of all.
  func sum(_ counter: WorkerMeters.Counter, role: WorkerRole? = nil) -> Int {
    selected(role).reduce(0) { $0 + $1.meters.value(of: counter) }
  }

  /// The largest value of a counter over the workers.
  func largest(_ counter: WorkerMeters.Counter, role: WorkerRole? = nil) -> Int {
    selected(role).map { $0.meters.value(of: counter) }.max() ?? 0
  }

  /// Bytes that all workers have allocated so far; nil where one of them does not tell.
  var allocatedByteCount: Int? {
    workers.reduce(0 as Int?) { sum, worker in
      guard let sum, let own = worker.allocatedByteCount else { return nil }
      return sum + own
    }
  }

  /// A recorder's values of all workers, merged.
  func merged(_ recorder: KeyPath<WorkerMeters, HistogramRecorder>) -> LatencyHistogram {
    let snapshots = workers.map { $0.meters[keyPath: recorder].snapshot() }
    guard var merged = snapshots.first else { return LatencyHistogram() }
    for snapshot in snapshots.dropFirst() { merged.merge(snapshot) }
    return merged
  }

  /// The values of a recorder that not every worker has, merged; nil when none has it.
  func merged(_ recorder: KeyPath<WorkerMeters, HistogramRecorder?>) -> LatencyHistogram? {
    let snapshots = workers.compactMap { $0.meters[keyPath: recorder]?.snapshot() }
    guard var merged = snapshots.first else { return nil }
    for snapshot in snapshots.dropFirst() { merged.merge(snapshot) }
    return merged
  }

  /// The first violations that any worker noted, with the worker's name.
  var findings: [(worker: String, finding: Finding)] {
    workers.flatMap { worker in worker.meters.findings.findings.map { (worker.name, $0) } }
  }

  /// What was broken on purpose at any worker, with the worker's name.
  var injections: [(worker: String, injection: Injection)] {
    workers.flatMap { worker in worker.meters.injections.injections.map { (worker.name, $0) } }
  }

  /// How often each kind of fault happened.
  var injectionCounts: [FaultKind: Int] {
    workers.reduce(into: [:]) { $0.merge($1.meters.injections.counts, uniquingKeysWith: +) }
  }

  /// How often each kind of fault of a worker was to happen.
  var plannedInjectionCounts: [FaultKind: Int] {
    workers.reduce(into: [:]) { $0.merge($1.meters.injections.plannedCounts, uniquingKeysWith: +) }
  }

  private func selected(_ role: WorkerRole?) -> [any LoadWorker] {
    guard let role else { return workers }
    return workers.filter { $0.role == role }
  }
}
