internal import LoadEngine
internal import Reports
internal import ResultModel

/// What `doctor` found: one line per subject, with advice where something can be done.
struct Examination {
  /// One subject: what is, and what to do about it.
  struct Finding {
    var subject: String
    var observation: String
    /// nil when all is well.
    var advice: String?
  }

  /// In the order of the subjects below.
  let findings: [Finding]

  init(host: HostReport, allocator: AllocatorProof) {
    let environment = host.environment
    findings =
      [
        Self.build, Self.examine(allocator), Self.examineCores(environment), Self.examineClock(environment),
        Self.examineTimer(host), Self.examineLineTransfer(environment.lineTransfer),
      ] + Self.examineNoise(environment)
  }

  /// A table, then numbered advice.
  var text: String {
    var table = TextTable()
    for finding in findings { table.append(finding.advice == nil ? "ok" : "!!", finding.subject, finding.observation) }
    let advice = findings.compactMap { finding in finding.advice.map { "\(finding.subject): \($0)" } }
    guard !advice.isEmpty else { return table.text() + "\nNothing to fix.\n" }
    return table.text() + "\nWhat to fix\n" + advice.map { "  - \($0)\n" }.joined()
  }
}

extension Examination {
  private static var build: Finding {
    let advice: String? =
      if BuildInformation.configuration == "debug" {
        "this is a debug build, whose figures say nothing about speed; build with `swift build -c release`"
      } else if BuildInformation.gitSHA == nil {
        "the revision is unknown, so results cannot be traced to sources; build with `make`"
      } else if BuildInformation.isDirty == true {
        "built with local changes, so results cannot be traced to a commit; commit, then build again"
      } else {
        nil
      }
    return Finding(subject: "build", observation: "ringside \(BuildInformation.description)", advice: advice)
  }

  private static func examine(_ allocator: AllocatorProof) -> Finding {
    let counted = allocator.countedByteCount.map { "it counted \($0)" } ?? "nobody counted them"
    return Finding(
      subject: "allocator",
      observation: "\(allocator.name); of \(allocator.requestedByteCount) bytes from malloc \(counted)",
      advice: allocator.holds
        ? nil
        : "malloc is not served by jemalloc, so bytes per message cannot be counted; is LD_PRELOAD set?")
  }

  private static func examineCores(_ environment: EnvironmentInformation) -> Finding {
    var observation = "\(environment.cores)"
    if let model = environment.cpuModel { observation += " of \(model)" }
    if let hypervisor = environment.hypervisor, hypervisor != "none" { observation += ", virtual (\(hypervisor))" }
    if let governor = environment.governor { observation += ", governor \(governor)" }
    let advice: String? =
      if environment.cores < 2 {
        "a producer and a consumer need two cores; give this process more (taskset, cgroup), or expect to measure "
          + "the scheduler"
      } else if let governor = environment.governor, governor != "performance" {
        "the frequency governor is \(governor); `cpupower frequency-set -g performance` makes runs comparable"
      } else {
        nil
      }
    return Finding(subject: "cores", observation: observation, advice: advice)
  }

  private static func examineClock(_ environment: EnvironmentInformation) -> Finding {
    let clock = environment.clock
    let source = environment.clocksource.map { ", kernel clock source \($0)" } ?? ""
    let observation =
      "\(clock.name ?? "clock"): step \(nanoseconds(clock.quantumNanoseconds)), "
      + "\(nanoseconds(clock.readCostNanoseconds)) per reading\(source)"
    let advice: String? =
      if let source = environment.clocksource, source != "tsc", source != "arch_sys_counter" {
        "the kernel's clock source is \(source); with tsc a reading costs about 20 ns and no system call"
      } else if clock.readCostNanoseconds > 100 {
        "a reading of the clock costs \(nanoseconds(clock.readCostNanoseconds)); figures under 1 µs are mostly clock"
      } else {
        nil
      }
    return Finding(subject: "clock", observation: observation, advice: advice)
  }

  private static func examineTimer(_ host: HostReport) -> Finding {
    let lateness = host.timerLateness
    let slack = host.environment.timerSlackNanoseconds.map { ", slack \(nanoseconds(Double($0)))" } ?? ""
    return Finding(
      subject: "timer",
      observation:
        "1 ms timer late by p50 \(nanoseconds(Double(lateness.p50))), p99 \(nanoseconds(Double(lateness.p99))), "
        + "max \(nanoseconds(Double(lateness.max)))\(slack)",
      advice: lateness.p99 > 1_000_000
        ? "timers fire more than 1 ms late, so an open loop may be invalid; use a quieter machine, or raise "
          + "load.pacing.spin"
        : nil)
  }

  private static func examineLineTransfer(_ transfer: LineTransfer?) -> Finding {
    guard let transfer else {
      return Finding(
        subject: "core to core", observation: "could not be measured",
        advice: "a cache line can only be bounced between two cores, when both have time for it at once")
    }
    return Finding(
      subject: "core to core",
      observation: "\(transfer.isNear ? "near" : "far"): a cache line takes p50 \(nanoseconds(transfer.p50)), "
        + "p99 \(nanoseconds(transfer.p99)) one way",
      advice: transfer.isNear
        ? nil
        : "these cores share no cache now; rings are up to ten times slower. On a virtual machine this may change "
          + "within minutes: try again, or pin to cores of one socket with taskset")
  }

  private static func examineNoise(_ environment: EnvironmentInformation) -> [Finding] {
    guard let noise = environment.noise else { return [] }
    let limits = NoiseLimits()
    var findings: [Finding] = []
    if let before = noise.aaCPUVariation, let after = noise.aaCPUVariationAfter {
      findings.append(
        Finding(
          subject: "noise, compute", observation: "the same computation varies by \(percent(100 * max(before, after)))",
          advice: max(before, after) > limits.cpuVariation
            ? "others use this machine's cores; stop them, or repeat runs and compare medians" : nil))
    }
    if let before = noise.aaMemoryVariation, let after = noise.aaMemoryVariationAfter {
      findings.append(
        Finding(
          subject: "noise, memory",
          observation: "the same walk through memory varies by \(percent(100 * max(before, after)))",
          advice: max(before, after) > limits.memoryVariation
            ? "others use this machine's memory; repeat runs and compare medians" : nil))
    }
    if let pressure = noise.pressureCPUSomePercent {
      findings.append(
        Finding(
          subject: "pressure", observation: "some thread waited for a core \(percent(pressure)) of the last 10 s",
          advice: pressure > limits.pressurePercent ? "other programs compete for the cores; `top` shows which" : nil))
    }
    if let steal = noise.stealPercent {
      findings.append(
        Finding(
          subject: "steal", observation: "\(percent(steal)) of the time taken by the hypervisor",
          advice: steal > limits.stealPercent
            ? "the host is overcommitted; measure at another time or on another host" : nil))
    }
    return findings
  }

  private static func nanoseconds(_ value: Double) -> String {
    value < 1000 ? tenths(value) + " ns" : QuantityText.duration(nanoseconds: value)
  }

  private static func percent(_ value: Double) -> String { tenths(value) + " %" }

  private static func tenths(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int64(rounded)) : String(rounded)
  }
}
