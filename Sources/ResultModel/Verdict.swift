/// One judgement of a run: what was expected, what was observed, and where the expectation is written.
public struct Verdict: Codable, Sendable, Equatable {
  /// What kind of expectation was judged.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// An expression of the scenario's `slo`.
    case slo
    /// Loss, duplicates, order, corruption.
    case verify
    /// Whether the load was delivered.
    case load
    /// Whether a trial came to its end, rather than crash or hang.
    case trial
    /// Whether the machine was fit to measure on.
    case environment
    /// A comparison with a baseline.
    case comparison
  }

  /// Whether a failed expectation fails the run.
  public enum Severity: String, Codable, Sendable, CaseIterable {
    /// Fails the run.
    case error
    /// Is only reported.
    case warn
  }

  /// What kind of expectation was judged.
  public var kind: Kind
  /// The expectation and where it applies, e.g. `latency.p99<1ms@steady`.
  public var id: String
  /// Whether it held.
  public var ok: Bool
  /// Set when it is not known whether it held, because too little was measured; then it did not pass either.
  public var isInconclusive: Bool?
  /// Whether breaking it fails the run.
  public var severity: Severity
  /// The observed value, in `unit`.
  public var observed: Double?
  /// The limit, in `unit`.
  public var limit: Double?
  /// The unit of `observed`, `limit` and `ci95`: `ns`, `per_s`, `messages`, `share`, `bytes`, `bytes_per_s`.
  public var unit: String?
  /// The 95 % confidence interval of `observed`.
  public var ci95: Interval<Double>?
  /// A sentence for people: what happened and what it means.
  public var detail: String?
  /// Where the expectation is written.
  public var source: SourceLocation?

  /// A verdict; what is left out does not apply.
  public init(
    kind: Kind, id: String, ok: Bool, severity: Severity = .error, observed: Double? = nil, limit: Double? = nil,
    unit: String? = nil, ci95: Interval<Double>? = nil, detail: String? = nil, source: SourceLocation? = nil
  ) {
    self.kind = kind
    self.id = id
    self.ok = ok
    self.severity = severity
    self.observed = observed
    self.limit = limit
    self.unit = unit
    self.ci95 = ci95
    self.detail = detail
    self.source = source
  }

  enum CodingKeys: String, CodingKey {
    case kind, id, ok
    case isInconclusive = "inconclusive"
    case severity, observed, limit, unit, ci95, detail, source
  }
}
