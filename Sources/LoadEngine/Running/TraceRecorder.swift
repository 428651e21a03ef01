import ResultModel
import ScenarioModel
import WorkloadLoops

/// Collects what the producers noted, phase by phase, into one trace.
struct TraceRecorder {
  /// The most messages of a trace: what `load.trace` reads again, and 64 MiB of notes per phase.
  static let limit = 4_000_000

  private let plan: WorkloadPlan
  private var keys: [String: Int32] = [:]
  private var trace = RecordedTrace(keys: [], messages: [], droppedCount: 0)
  private var firstStart: Int64?

  init(_ plan: WorkloadPlan) { self.plan = plan }

  /// Room for one producer's messages of a phase: a share of the limit, and no more than its loads can need.
  static func capacityPerProducer(_ scenario: Scenario) -> Int {
    let share = max(1, limit / scenario.workload.producerCount)
    let needed = scenario.load.phases.enumerated().map { index, phase -> Double in
      let plan = PhasePlan(phase, index: index, of: scenario)
      guard let due = plan.dueCount(until: phase.durationNanoseconds ?? 0) else { return .infinity }
      // Random arrivals may be more than expected; five standard deviations never are.
      return due / Double(scenario.workload.producerCount) + 5 * due.squareRoot() + 16
    }
    return Int(min(Double(share), needed.max() ?? 0))
  }

  /// Adds a phase that has ended.
  mutating func add(_ workers: [any LoadWorker], startNanoseconds: Int64) {
    let base = firstStart ?? startNanoseconds
    firstStart = base
    let producers = workers.filter { $0.role == .producer }
    for (producer, worker) in zip(plan.producers, producers) {
      guard let log = worker.meters.sendLog else { continue }
      let numbers = producer.keys.map { number(of: $0) }
      let room = max(0, Self.limit - trace.messages.count)
      let messages = log.messages
      trace.messages += messages.prefix(room).map { message in
        RecordedTrace.Message(
          offsetNanoseconds: max(0, message.offsetNanoseconds - base), byteCount: message.byteCount,
          key: message.route < 0 ? -1 : numbers[Int(message.route)])
      }
      trace.droppedCount += log.droppedCount + max(0, messages.count - room)
    }
  }

  private mutating func number(of key: String) -> Int32 {
    if let number = keys[key] { return number }
    let number = Int32(trace.keys.count)
    keys[key] = number
    trace.keys.append(key)
    return number
  }

  /// All phases in order of time; nil when nothing was to be recorded.
  var recorded: RecordedTrace? {
    guard plan.sendLogCapacity > 0 else { return nil }
    var sorted = trace
    sorted.messages.sort { ($0.offsetNanoseconds, $0.key) < ($1.offsetNanoseconds, $1.key) }
    return sorted
  }

  /// What a reader of the trace must know.
  var note: String? {
    guard trace.droppedCount > 0 else { return nil }
    return "the trace lacks \(QuantityText.count(trace.droppedCount)) messages: it holds "
      + "\(QuantityText.count(trace.messages.count)), and there was no room for more"
  }
}
