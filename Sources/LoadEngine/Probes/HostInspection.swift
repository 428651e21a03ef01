public import Platform
public import ResultModel

/// What is known of the machine before a run: stable facts, the clock, and how the cores lie.
public struct HostInspection: Sendable {
  /// Stable facts.
  public var facts: HostFacts
  /// The cost of the run's time source.
  public var clock: TimeSourceInformation
  /// The way between two cores; nil on one core.
  public var lineTransfer: LineTransferProbe.Reading?
  /// How busy the machine was at that moment.
  public var pressure: HostPressure

  /// Inspects this machine; about 50 ms.
  public static func inspect() -> HostInspection {
    let time = CycleCounter.shared
    let cost = time.measureCost()
    return HostInspection(
      facts: HostFacts.read(),
      clock: TimeSourceInformation(
        name: time.isCycleCounter ? "cycle counter" : "CLOCK_MONOTONIC", quantumNanoseconds: cost.quantumNanoseconds,
        readCostNanoseconds: cost.readCostNanoseconds),
      lineTransfer: LineTransferProbe.measure(), pressure: HostPressure.read())
  }

  /// The machine in the result's terms.
  public var environment: EnvironmentInformation {
    var environment = EnvironmentInformation(machineKey: machineKey, cores: facts.coreCount, clock: clock)
    environment.os = facts.operatingSystem
    environment.kernel = facts.kernel
    environment.cpuModel = facts.cpuModel
    environment.l1dBytes = facts.l1DataByteCount.map(Int.init)
    environment.l2Bytes = facts.l2ByteCount.map(Int.init)
    environment.l3Bytes = facts.l3ByteCount.map(Int.init)
    environment.ramBytes = Int(facts.memoryByteCount)
    environment.hypervisor = facts.hypervisor
    environment.governor = facts.governor
    environment.clocksource = facts.clockSource
    // What the data path's threads set for themselves.
    environment.timerSlackNanoseconds = 1
    environment.affinity = CPUTopology.usableCores
    environment.lineTransfer = lineTransfer.map { LineTransfer(p50: $0.p50Nanoseconds, p99: $0.p99Nanoseconds) }
    return environment
  }

  /// A name for this kind of machine, from stable facts only: results are comparable when it is equal.
  public var machineKey: String {
    let gibibytes = (facts.memoryByteCount + (1 << 29)) >> 30
    let text = [
      facts.cpuModel, "\(facts.coreCount) cores", "\(gibibytes) GiB", facts.hypervisor ?? "unknown",
      "\(facts.l3ByteCount ?? 0)",
    ].joined(separator: "|")
    return String(ScenarioDigest.sha256(text).prefix(12))
  }
}
