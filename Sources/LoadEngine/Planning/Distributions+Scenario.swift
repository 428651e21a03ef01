import Distributions
import ScenarioModel

extension ValueDistribution {
  /// Times in nanoseconds, at most a day.
  init(duration: Scenario.Distribution) { self.init(duration, within: 0...86_400_000_000_000) }

  /// Sizes in bytes, within what a broker takes unless they are given one by one.
  init(payload: Scenario.Distribution, largestByteCount: Int) {
    self.init(payload, within: Int64(Scenario.ProducerGroup.smallestPayloadByteCount)...Int64(largestByteCount))
  }

  /// Priorities of messages.
  init(priority: Scenario.Distribution) { self.init(priority, within: 0...255) }

  private init(_ distribution: Scenario.Distribution, within bounds: ClosedRange<Int64>) {
    switch distribution {
    case .fixed(let value): self = .fixed(value)
    case .exponential(let mean): self = .exponential(mean: Double(mean), within: bounds)
    case .lognormal(let p50, let p99): self = .lognormal(p50: Double(p50), p99: Double(p99), within: bounds)
    case .uniform(let range): self = .uniform(range)
    case .cycle(let values): self = .cycle(values)
    case .bimodal(let modes): self = .chosen(modes.map { ($0.value, $0.share) })
    case .recorded(let values): self = .recorded(values)
    }
  }
}

extension KeyDistribution {
  /// Nil when keys are used in turn.
  init?(_ choice: Scenario.KeyChoice, count: Int) {
    switch choice {
    case .inTurn: return nil
    case .uniform: self = .uniform(count: count)
    case .zipf(let exponent): self = .zipf(exponent: exponent, count: count)
    }
  }
}
