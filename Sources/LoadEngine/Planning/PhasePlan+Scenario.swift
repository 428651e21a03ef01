import Distributions
import ResultModel
import ScenarioModel
import WorkloadLoops

extension PhasePlan {
  /// One phase of the scenario.
  init(_ phase: Scenario.Phase, index: Int, of scenario: Scenario) {
    self.init(
      name: phase.name, load: Load(phase), durationNanoseconds: phase.durationNanoseconds,
      seed: scenario.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15,
      pacingSpinNanoseconds: scenario.load.pacingSpinNanoseconds)
  }
}

extension PhasePlan.Load {
  fileprivate init(_ phase: Scenario.Phase) {
    switch phase.kind {
    case .constant(let rate): self = .constant(ratePerSecond: rate)
    case .poisson(let rate): self = .poisson(ratePerSecond: rate)
    case .varying(let rate):
      let profile = RateProfile(
        basePerSecond: rate.basePerSecond, shape: .init(rate.shape),
        durationNanoseconds: phase.durationNanoseconds ?? 1)
      self = .varying(profile, isPoisson: rate.isPoisson)
    case .burst(let count, let period): self = .burst(messageCount: count, periodNanoseconds: period)
    case .inFlight(let count): self = .inFlight(perProducer: count)
    case .saturate(let count): self = .saturate(messageCount: count)
    case .backlog(let count): self = .backlog(messageCount: count)
    case .schedule: self = .schedule
    case .trace(let trace, let speed): self = .trace(SendingTrace(trace), speed: speed)
    }
  }

  /// The load in the scenario's words.
  var description: String {
    switch self {
    case .constant(let rate): "constant \(QuantityText.exactRate(perSecond: rate))"
    case .poisson(let rate): "poisson \(QuantityText.exactRate(perSecond: rate))"
    case .varying(let profile, let isPoisson): (isPoisson ? "poisson " : "constant ") + profile.description
    case .burst(let count, let period):
      "burst of \(QuantityText.count(Int(count))) every \(QuantityText.exactDuration(nanoseconds: period))"
    case .inFlight(let count): "in_flight \(QuantityText.count(count))"
    case .saturate(let count): "saturate" + (count.map { " \(QuantityText.count(Int($0)))" } ?? "")
    case .backlog(let count): "backlog of \(QuantityText.count(Int(count)))"
    case .schedule: "schedules"
    case .trace(let trace, let speed):
      "trace \(trace.name), \(QuantityText.count(trace.count)) messages"
        + (speed == 1 ? "" : ", \(QuantityText.significant(speed)) times as fast")
    }
  }
}

extension RateProfile.Shape {
  fileprivate init(_ shape: Scenario.VaryingRate.Shape) {
    switch shape {
    case .ramp(let to): self = .ramp(toPerSecond: to)
    case .stairs(let to, let count): self = .stairs(toPerSecond: to, count: count)
    case .spike(let peak): self = .spike(peakPerSecond: peak)
    case .wave(let amplitude, let period):
      self = .wave(amplitudePerSecond: amplitude, periodNanoseconds: period)
    }
  }
}

extension RateProfile {
  fileprivate var description: String {
    let base = QuantityText.exactRate(perSecond: basePerSecond)
    return switch shape {
    case .ramp(let to): "ramp \(base)..\(QuantityText.exactRate(perSecond: to))"
    case .stairs(let to, let count): "\(count) steps \(base)..\(QuantityText.exactRate(perSecond: to))"
    case .spike(let peak): "spike \(base), peak \(QuantityText.exactRate(perSecond: peak))"
    case .wave(let amplitude, let period):
      "wave \(base) ± \(QuantityText.exactRate(perSecond: amplitude)), period "
        + QuantityText.exactDuration(nanoseconds: period)
    }
  }
}

extension SendingTrace {
  fileprivate convenience init(_ trace: Scenario.Trace) {
    self.init(
      name: trace.path,
      trace.entries.map {
        Entry(
          offsetNanoseconds: $0.offsetNanoseconds, byteCount: Int32($0.byteCount ?? 0),
          route: $0.keyIndex.map(Int32.init) ?? -1)
      })
  }
}

extension Scenario {
  /// Bytes of the largest body that a trace asks for; 0 when no trace says sizes.
  var largestTracedByteCount: Int {
    load.phases.map { phase in
      guard case .trace(let trace, _) = phase.kind else { return 0 }
      return trace.entries.reduce(0) { max($0, $1.byteCount ?? 0) }
    }.max() ?? 0
  }
}
