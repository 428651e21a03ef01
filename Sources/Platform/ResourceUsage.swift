import CLinux

/// Processor time, context switches, page faults and memory of a thread or of the process, as the kernel counts them.
public struct ResourceUsage: Sendable, Equatable {
  /// Time in user code, in nanoseconds.
  public var userNanoseconds: Int64 = 0
  /// Time in the kernel, in nanoseconds.
  public var systemNanoseconds: Int64 = 0
  /// How often it gave up the core by itself.
  public var voluntarySwitchCount: Int64 = 0
  /// How often the scheduler took the core away.
  public var involuntarySwitchCount: Int64 = 0
  /// Page faults that needed no disk.
  public var minorFaultCount: Int64 = 0
  /// The largest resident set so far, in bytes: always that of the whole process.
  public var peakResidentByteCount: Int64 = 0

  /// No usage at all.
  public init() {}

  /// Usage of the calling thread so far.
  public static func currentThread() -> ResourceUsage { ResourceUsage(clinux_get_resource_usage(1)) }

  /// Usage of the process so far.
  public static func process() -> ResourceUsage { ResourceUsage(clinux_get_resource_usage(0)) }

  init(_ usage: clinux_resource_usage) {
    userNanoseconds = usage.user_ns
    systemNanoseconds = usage.system_ns
    voluntarySwitchCount = usage.voluntary_switches
    involuntarySwitchCount = usage.involuntary_switches
    minorFaultCount = usage.minor_faults
    peakResidentByteCount = usage.peak_resident_bytes
  }

  /// What was used between two readings; the peak is the later one's.
  public static func - (later: ResourceUsage, earlier: ResourceUsage) -> ResourceUsage {
    var difference = later
    difference.userNanoseconds -= earlier.userNanoseconds
    difference.systemNanoseconds -= earlier.systemNanoseconds
    difference.voluntarySwitchCount -= earlier.voluntarySwitchCount
    difference.involuntarySwitchCount -= earlier.involuntarySwitchCount
    difference.minorFaultCount -= earlier.minorFaultCount
    return difference
  }

  /// The sum over threads; the peak is the larger one.
  public static func + (one: ResourceUsage, other: ResourceUsage) -> ResourceUsage {
    var sum = one
    sum.userNanoseconds += other.userNanoseconds
    sum.systemNanoseconds += other.systemNanoseconds
    sum.voluntarySwitchCount += other.voluntarySwitchCount
    sum.involuntarySwitchCount += other.involuntarySwitchCount
    sum.minorFaultCount += other.minorFaultCount
    sum.peakResidentByteCount = max(one.peakResidentByteCount, other.peakResidentByteCount)
    return sum
  }
}
