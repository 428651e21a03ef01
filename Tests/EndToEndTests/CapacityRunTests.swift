import Foundation
import Testing

/// A search of a capacity by the built binary, each trial in a process of its own.
@Suite struct CapacityRunTests {
  private static let scenario = """
    name: search
    time: virtual
    workload: { pattern: request_reply, service_time: 1ms }
    search: { capacity: { metric: latency.p90, limit: 1500us, from: 900/s, to: 1200/s, for: 200ms, trials: 3, precision: 10% } }
    """

  @Test func findsPlansAndReportsTheCapacity() throws {
    let workspace = try Workspace()
    try workspace.write(Self.scenario, to: "s.yaml")
    let plan = try workspace.ringside("plan", "s.yaml")
    #expect(plan.exitCode == 0 && plan.output.contains("the highest rate with latency.p90 under 1.5 ms, to 10.0 %"))
    #expect(plan.output.contains("constant, rates as searched"))

    let outcome = try workspace.ringside("run", "s.yaml", "--output", "results")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(
      outcome.output.contains("The highest rate with latency.p90 under 1.50 ms lies between "), "\(outcome.output)")
    #expect(outcome.output.contains("longer trials at the lower end agreed"))
    let json = try JSONSerialization.jsonObject(with: Data(try workspace.read("results/result.json").utf8))
    let capacity = try #require((json as? [String: Any])?["capacity"] as? [String: Any])
    let (low, high) = (try #require(capacity["low"] as? Double), try #require(capacity["high"] as? Double))
    #expect(low <= 1_000 && 1_000 <= high && high - low <= 0.1 * high, "\(low), \(high)")
    #expect(try workspace.read("results/capacity.csv").contains(",true,"), "the confirmation")
    let page = try workspace.read("results/report.html")
    #expect(page.contains("<h2>Capacity</h2>") && page.contains("latency.p90 over the rate"))
    #expect(try workspace.read("results/summary.md").contains("## Capacity"))
  }
}
