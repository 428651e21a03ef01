/// What one phase of one trial yielded.
public struct PhaseResult: Codable, Sendable, Equatable {
  /// Whether the samples belong to the warm-up.
  public enum SampleType: String, Codable, Sendable, CaseIterable {
    /// Kept, but not part of any figure of merit.
    case warmup
    /// Measured in earnest.
    case normal
  }

  /// The phase's name.
  public var name: String
  /// Whether it is the warm-up.
  public var sampleType: SampleType
  /// The load in the scenario's words, e.g. `constant 100 k/s`.
  public var load: String?
  /// When it began, from the start of the trial.
  public var startOffsetNanoseconds: Int64
  /// How long it sent, without the drain; an open loop at least as long as planned.
  public var durationNanoseconds: Int64
  /// How long messages arrived after the last was sent.
  public var drainNanoseconds: Int64?
  /// What must be said beside its figures.
  public var labels: [PhaseLabel] = []
  /// How many messages took which way.
  public var counts: MessageCounts
  /// What the harness found wrong with them, and what looking cost; absent when verification was off.
  public var verification: VerificationCounts?
  /// What was broken on purpose, by kind; absent when nothing was.
  public var faults: [FaultSummary]?
  /// Messages and bytes per second.
  public var rates: Rates
  /// Intended send → received; absent where no send was scheduled (closed loops).
  public var latency: LatencySummary?
  /// Actual send → received.
  public var serviceTime: LatencySummary?
  /// Intended → actual send.
  public var sendDelay: LatencySummary?
  /// Actual send → publisher confirm.
  public var confirmTime: LatencySummary?
  /// Enqueued → handed over.
  public var queueTime: LatencySummary?
  /// Due → handler start, of tasks with a countdown.
  public var etaError: LatencySummary?
  /// Handler start → handler end.
  public var handlerTime: LatencySummary?
  /// Handler end → result received.
  public var resultTime: LatencySummary?
  /// A body in memory → its encoded bytes, by samples; absent where bodies travel as they are.
  public var encodeTime: LatencySummary?
  /// The way back.
  public var decodeTime: LatencySummary?
  /// How many bytes a body becomes.
  public var encodedBytesPerMessage: Double?
  /// End of a fault → the phase's SLO held again for one window; of several faults the longest.
  public var recoveryTimeNanoseconds: Int64?
  /// How many faults ended in the phase without its SLO holding again before its end; absent when it did after each.
  public var unrecoveredFaults: Int?
  /// How the stretches went that objectives with a window judge; absent without one.
  public var objectives: [ObjectiveWindows]?
  /// Which series the percentiles of `intervals` belong to: `latency` or `service_time`.
  public var intervalSeries: String?
  /// The phase in slices, each of its own messages only.
  public var intervals: [IntervalSample] = []
  /// Whether the schedule of an open loop was the one that was asked for; absent for loads without gaps to judge.
  public var arrivals: ArrivalCheck?
  /// The two halves of a backlog.
  public var backlog: BacklogSummary?
  /// What it used.
  public var resources: ResourceUsageSummary?
  /// How the ring or the queues behaved.
  public var ring: RingSummary?
  /// What the machine did meanwhile.
  public var platform: PlatformSummary?

  /// A phase with what every phase has; set the rest where it applies.
  public init(
    name: String, sampleType: SampleType = .normal, load: String? = nil, startOffsetNanoseconds: Int64,
    durationNanoseconds: Int64, counts: MessageCounts, rates: Rates
  ) {
    self.name = name
    self.sampleType = sampleType
    self.load = load
    self.startOffsetNanoseconds = startOffsetNanoseconds
    self.durationNanoseconds = durationNanoseconds
    self.counts = counts
    self.rates = rates
  }

  enum CodingKeys: String, CodingKey {
    case name
    case sampleType = "sample_type"
    case load
    case startOffsetNanoseconds = "start_offset_ns"
    case durationNanoseconds = "duration_ns"
    case drainNanoseconds = "drain_ns"
    case labels, counts
    case verification = "verify"
    case faults, rates, latency
    case serviceTime = "service_time"
    case sendDelay = "send_delay"
    case confirmTime = "confirm_time"
    case queueTime = "queue_time"
    case etaError = "eta_error"
    case handlerTime = "handler_time"
    case resultTime = "result_time"
    case encodeTime = "encode_time"
    case decodeTime = "decode_time"
    case encodedBytesPerMessage = "encoded_bytes_per_message"
    case recoveryTimeNanoseconds = "recovery_time_ns"
    case unrecoveredFaults = "unrecovered_faults"
    case objectives = "slo"
    case intervalSeries = "interval_series"
    case intervals, arrivals, backlog, resources, ring, platform
  }
}
