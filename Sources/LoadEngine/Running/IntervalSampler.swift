import Histograms
import ResultModel
import WorkloadLoops

/// Turns the workers' running meters into one row per interval: differences of counters and of histogram snapshots.
///
/// Owned by the engine's thread. Rows of a phase are kept in the sparse form, so that a long run stays small.
struct IntervalSampler {
  /// One interval of one phase.
  struct Row {
    /// What happened in it; its start is counted from that of the phase.
    var sample: IntervalSample
    var histogram: SparseHistogram
    /// Messages received in the phase until its end.
    var receivedCount: Int
  }

  private let totals: WorkerTotals
  private let series: KeyPath<WorkerMeters, HistogramRecorder>
  private let answersAtProducers: Bool
  private var previous: LatencyHistogram?
  private var previousSent = 0
  private var previousReceived = 0
  private var previousOffered = 0
  private var previousAllocated = 0
  private var previousTime: Int64
  private var nextDue: Int64
  private let interval: Int64
  private let phase: PhasePlan
  private let start: Int64
  private(set) var rows: [Row] = []

  /// A sampler of a phase that starts at `start`, with a row every `interval` nanoseconds.
  init(
    totals: WorkerTotals, series: KeyPath<WorkerMeters, HistogramRecorder>, answersAtProducers: Bool, phase: PhasePlan,
    start: Int64, interval: Int64
  ) {
    self.totals = totals
    self.series = series
    self.answersAtProducers = answersAtProducers
    self.start = start
    self.interval = interval
    previousTime = start
    nextDue = start + interval
    self.phase = phase
  }

  /// Time until the present interval is over.
  func remaining(at now: Int64) -> Int64 { nextDue - now }

  /// Closes the present interval when its time is over, and returns its row then.
  mutating func sampleIfDue(at now: Int64) -> Row? {
    guard now >= nextDue else { return nil }
    while nextDue <= now { nextDue += interval }
    return sample(at: now)
  }

  /// Closes the interval that ends now and returns its row; nil when no time has passed.
  @discardableResult
  mutating func sample(at now: Int64) -> Row? {
    guard now > previousTime else { return nil }
    let merged = totals.merged(series)
    let histogram = previous.map { merged.subtracting($0) } ?? merged
    let sent = totals.sum(.sent, role: .producer)
    let received = totals.sum(.received, role: answersAtProducers ? .producer : .consumer)
    let offered = offeredCount(until: now)
    let allocated = totals.allocatedByteCount
    let isEmpty = histogram.isEmpty
    var sample = IntervalSample(
      startNanoseconds: previousTime - start, lengthNanoseconds: now - previousTime,
      offered: offered.map { $0 - previousOffered },
      sent: sent - previousSent, received: received - previousReceived,
      p50: isEmpty ? nil : histogram.value(atPercentile: 50), p99: isEmpty ? nil : histogram.value(atPercentile: 99),
      max: isEmpty ? nil : histogram.max)
    sample.allocatedBytes = allocated.map { $0 - previousAllocated }
    let row = Row(sample: sample, histogram: SparseHistogram(histogram), receivedCount: received)
    rows.append(row)
    previous = merged
    previousOffered = offered ?? 0
    previousAllocated = allocated ?? previousAllocated
    previousSent = sent
    previousReceived = received
    previousTime = now
    return row
  }

  /// Messages that an open loop should have sent by then. Rounded as a sum, so that the intervals add up to the load.
  private func offeredCount(until time: Int64) -> Int? {
    phase.dueCount(until: time - start).map { Int($0.rounded()) }
  }
}
