import Platform
import ResultModel
import ScenarioModel

/// How much a trial was disturbed by others on the machine: readings before and after it.
struct DisturbanceMeter {
  private let limits: Scenario.Trials.Disturbed
  private let before = HostPressure.read()

  /// Begins a trial that these limits hold for.
  init(_ limits: Scenario.Trials.Disturbed) { self.limits = limits }

  /// What was beyond a limit, as an event of the trial; nil when nothing was.
  func finding() -> TrialEvent? {
    let after = HostPressure.read()
    let elapsed = Double(max(1, after.endNanoseconds - before.beginNanoseconds))
    let steal = Double(after.stolenNanoseconds - before.stolenNanoseconds) / (elapsed * Double(CPUTopology.coreCount))
    var found: [String] = []
    if let limit = limits.stealLimit, steal > limit {
      found.append("\(percent(steal)) of the cores' time was stolen, limit \(percent(limit))")
    }
    if let limit = limits.pressureLimit, let stalled = after.cpuStalledNanoseconds,
      let stalledBefore = before.cpuStalledNanoseconds
    {
      let pressure = Double(stalled - stalledBefore) / elapsed
      if pressure > limit {
        found.append("threads waited for a core \(percent(pressure)) of the time, limit \(percent(limit))")
      }
    }
    guard !found.isEmpty else { return nil }
    return TrialEvent(
      offsetNanoseconds: Int64(elapsed), kind: .disturbed, subject: "host", detail: found.joined(separator: "; "))
  }

  private func percent(_ share: Double) -> String { "\(QuantityText.significant(100 * share)) %" }
}
