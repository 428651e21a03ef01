/// How noisy the machine was; what was not measured is left out.
public struct NoiseInformation: Codable, Sendable, Equatable {
  /// Coefficient of variation of a fixed computation, as a share (0.013 is 1.3 %).
  public var aaCPUVariation: Double?
  /// Coefficient of variation of a fixed walk through memory, as a share.
  public var aaMemoryVariation: Double?
  /// Time taken by the hypervisor, in percent.
  public var stealPercent: Double?
  /// Time in which some thread waited for a processor, in percent (`cpu some avg10` of the kernel's pressure file).
  public var pressureCPUSomePercent: Double?
  /// 99th percentile of the lateness of a 1 ms timer.
  public var hiccupP99Nanoseconds: Int64?
  /// The largest lateness of a 1 ms timer.
  public var hiccupMaxNanoseconds: Int64?

  /// Nothing known yet.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case aaCPUVariation = "aa_cpu_cv"
    case aaMemoryVariation = "aa_memory_cv"
    case stealPercent = "steal_pct"
    case pressureCPUSomePercent = "psi_cpu_some_pct"
    case hiccupP99Nanoseconds = "hiccup_p99_ns"
    case hiccupMaxNanoseconds = "hiccup_max_ns"
  }
}
