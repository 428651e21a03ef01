import Glibc

/// How busy the machine is with others: readings to take before and after a run.
public struct HostPressure: Sendable, Equatable {
  /// Time stolen by the hypervisor since boot, over all cores, in nanoseconds.
  public var stolenNanoseconds: Int64
  /// Share of the last ten seconds in which some task waited for a core, in percent; nil without pressure-stall information.
  public var cpuSomePercent: Double?
  /// Time since boot in which some task waited for a core, in nanoseconds; nil without pressure-stall information.
  public var cpuStalledNanoseconds: Int64?
  /// The load average over one minute.
  public var loadAverage: Double?

  /// Reads the present state.
  public static func read() -> HostPressure {
    let cpuLine = SystemFile.text("/proc/stat")?.split(separator: "\n").first ?? ""
    let ticks = cpuLine.split(separator: " ")
    let stolenTicks = ticks.count > 8 ? Int64(ticks[8]) ?? 0 : 0
    let ticksPerSecond = Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    let some = SystemFile.text("/proc/pressure/cpu")?.split(separator: "\n").first?.split(separator: " ") ?? []
    let pressure = some.first { $0.hasPrefix("avg10=") }
    let stalled = some.first { $0.hasPrefix("total=") }.flatMap { Int64($0.dropFirst(6)) }
    let load = SystemFile.text("/proc/loadavg")?.split(separator: " ").first
    return HostPressure(
      stolenNanoseconds: stolenTicks * (1_000_000_000 / ticksPerSecond),
      cpuSomePercent: pressure.flatMap { Double($0.dropFirst(6)) },
      cpuStalledNanoseconds: stalled.map { $0 * 1_000 }, loadAverage: load.flatMap { Double($0) })
  }
}
