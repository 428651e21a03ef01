/// What a phase used. What could not be counted is left out.
public struct ResourceUsageSummary: Codable, Sendable, Equatable {
  /// Processor time in user mode, of the data-path threads.
  public var cpuUserNanoseconds: Int64 = 0
  /// Processor time in the kernel, of the data-path threads.
  public var cpuSystemNanoseconds: Int64 = 0
  /// Processor time per received message.
  public var cpuNanosecondsPerMessage: Double = 0
  /// Bytes allocated by the data-path threads in steady state, per message: without those that were allocated once. Absent without
  /// jemalloc.
  public var allocatedBytesPerMessage: Double?
  /// Bytes allocated by the data-path threads in all.
  public var allocatedBytes: Int?
  /// Those of them that were allocated once, such as by buffers that grew to their size; absent where none are known to have been.
  public var allocatedBytesOnce: Int?
  /// Allocations of the whole process per message: informative only.
  public var allocationsPerMessage: Double?
  /// Context switches that the threads asked for.
  public var contextSwitchesVoluntary = 0
  /// Context switches that happened to the threads.
  public var contextSwitchesInvoluntary = 0
  /// Page faults that needed no disk.
  public var minorFaults = 0
  /// The most memory the process had resident.
  public var residentPeakBytes = 0

  /// Nothing used.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case cpuUserNanoseconds = "cpu_user_ns"
    case cpuSystemNanoseconds = "cpu_system_ns"
    case cpuNanosecondsPerMessage = "cpu_ns_per_message"
    case allocatedBytesPerMessage = "allocated_bytes_per_message"
    case allocatedBytes = "allocated_bytes"
    case allocatedBytesOnce = "allocated_bytes_once"
    case allocationsPerMessage = "allocations_per_message"
    case contextSwitchesVoluntary = "context_switches_voluntary"
    case contextSwitchesInvoluntary = "context_switches_involuntary"
    case minorFaults = "minor_faults"
    case residentPeakBytes = "rss_peak_bytes"
  }
}
