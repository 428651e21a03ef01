public import Platform
public import ResultModel
import ScenarioModel

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
    environment.lineTransfer = lineTransfer.map(LineTransfer.init)
    return environment
  }

  /// A name for this kind of machine, from stable facts only: results are comparable when it is equal.
  ///
  /// In it: the processor's name, how many cores may be used, the sizes of the caches, the memory rounded up to a power of two,
  /// the hypervisor, and the kernel's major and minor version, since schedulers and the cost of system calls change with
  /// it. Not in it: what names one machine among its like (host name, serial numbers), what changes from run to run (noise, the
  /// way between cores), and what its owner may set between runs (governor, clock source), which is recorded beside it.
  public var machineKey: String { Self.machineKey(of: facts) }

  static func machineKey(of facts: HostFacts) -> String {
    let caches = [facts.l1DataByteCount, facts.l2ByteCount, facts.l3ByteCount].map { "\($0 ?? 0)" }
    let text =
      [facts.cpuModel, "\(facts.coreCount) cores"] + caches + [
        "\(memoryClass(facts.memoryByteCount)) GiB", facts.hypervisor ?? "unknown",
        facts.kernel.split(separator: ".").prefix(2).joined(separator: "."),
      ]
    return String(ScenarioDigest.sha256(text.joined(separator: "|")).prefix(12))
  }

  /// Memory in GiB, rounded up to a power of two: what firmware and kernel keep for themselves differs from boot to boot.
  static func memoryClass(_ byteCount: Int64) -> Int64 {
    var gibibytes: Int64 = 1
    while gibibytes << 30 < byteCount { gibibytes *= 2 }
    return gibibytes
  }
}

extension LineTransfer {
  /// A reading in the result's terms.
  init(_ reading: LineTransferProbe.Reading) { self.init(p50: reading.p50Nanoseconds, p99: reading.p99Nanoseconds) }
}
