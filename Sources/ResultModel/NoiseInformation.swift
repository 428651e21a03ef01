/// How noisy the machine was; what was not measured is left out.
public struct NoiseInformation: Codable, Sendable, Equatable {
  /// Coefficient of variation of a fixed computation before the run, as a share (0.013 is 1.3 %).
  public var aaCPUVariation: Double?
  /// The same after the run.
  public var aaCPUVariationAfter: Double?
  /// Coefficient of variation of a fixed walk through memory before the run, as a share.
  public var aaMemoryVariation: Double?
  /// The same after the run.
  public var aaMemoryVariationAfter: Double?
  /// Time taken by the hypervisor during the run, in percent of all cores' time.
  public var stealPercent: Double?
  /// Time in which some thread waited for a processor before the run, in percent (`cpu some avg10` of the kernel's pressure
  /// file): others' work.
  public var pressureCPUSomePercent: Double?
  /// The same during the run: others' work, and the run's own where it has more threads than cores.
  public var pressureCPURunPercent: Double?
  /// Time in which some thread waited for memory during the run, in percent.
  public var pressureMemoryRunPercent: Double?
  /// The load average over one minute before the run.
  public var loadAverage: Double?
  /// 99th percentile of the lateness of a 1 ms timer.
  public var hiccupP99Nanoseconds: Int64?
  /// The largest lateness of a 1 ms timer.
  public var hiccupMaxNanoseconds: Int64?

  /// Nothing known yet.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case aaCPUVariation = "aa_cpu_cv"
    case aaCPUVariationAfter = "aa_cpu_cv_after"
    case aaMemoryVariation = "aa_memory_cv"
    case aaMemoryVariationAfter = "aa_memory_cv_after"
    case stealPercent = "steal_pct"
    case pressureCPUSomePercent = "psi_cpu_some_pct"
    case pressureCPURunPercent = "psi_cpu_some_run_pct"
    case pressureMemoryRunPercent = "psi_memory_some_run_pct"
    case loadAverage = "load_average"
    case hiccupP99Nanoseconds = "hiccup_p99_ns"
    case hiccupMaxNanoseconds = "hiccup_max_ns"
  }
}
