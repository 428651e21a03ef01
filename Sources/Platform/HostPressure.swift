import Glibc

/// How busy the machine is with others: readings to take before and after a run.
public struct HostPressure: Sendable, Equatable {
  /// Time stolen by the hypervisor since boot, over all cores, in nanoseconds.
  public var stolenNanoseconds: Int64
  /// Share of the last ten seconds in which some task waited for a core, in percent; nil without pressure-stall information.
  public var cpuSomePercent: Double?
  /// Time since boot in which some task waited for a core, and for memory, in nanoseconds; nil without that information.
  public var cpuStalledNanoseconds, memoryStalledNanoseconds: Int64?
  /// The load average over one minute.
  public var loadAverage: Double?
  /// When the reading began and ended, on the monotonic clock: what was counted between two readings happened between the
  /// beginning of the first and the end of the second.
  public var beginNanoseconds, endNanoseconds: Int64

  /// Reads the present state.
  public static func read() -> HostPressure {
    let begin = MonotonicClock.now()
    let cpuLine = SystemFile.text("/proc/stat")?.split(separator: "\n").first ?? ""
    let ticks = cpuLine.split(separator: " ")
    let stolenTicks = ticks.count > 8 ? Int64(ticks[8]) ?? 0 : 0
    let ticksPerSecond = Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    let cpu = SystemFile.text("/proc/pressure/cpu") ?? ""
    let memory = SystemFile.text("/proc/pressure/memory") ?? ""
    let load = SystemFile.text("/proc/loadavg")?.split(separator: " ").first
    return HostPressure(
      stolenNanoseconds: stolenTicks * (1_000_000_000 / ticksPerSecond),
      cpuSomePercent: some("avg10", in: cpu).flatMap { Double($0) },
      // The kernel counts in microseconds.
      cpuStalledNanoseconds: some("total", in: cpu).flatMap { Int64($0) }.map { $0 * 1000 },
      memoryStalledNanoseconds: some("total", in: memory).flatMap { Int64($0) }.map { $0 * 1000 },
      loadAverage: load.flatMap { Double($0) }, beginNanoseconds: begin, endNanoseconds: MonotonicClock.now())
  }

  /// A figure of the line `some` of a pressure file, which is its first: `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`.
  static func some(_ name: String, in text: String) -> Substring? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("some ") }
    return line?.split(separator: " ").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
  }
}
