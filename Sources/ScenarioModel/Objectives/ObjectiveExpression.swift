/// A comparison of measured figures with a limit, such as `latency.p99 < 1ms` or `throughput >= 0.99 * offered`.
///
/// Grammar: `sum (< | <= | > | >= | ==) sum`, where a sum is made of metrics, numbers with their units, `+ - * /` and
/// parentheses. Units are checked when it is read, so that every comparison means something. Cost of evaluating: one step per
/// term.
public struct ObjectiveExpression: Sendable, Equatable, CustomStringConvertible {
  /// What must hold between the two sides.
  public enum Comparison: String, Sendable, CaseIterable {
    /// Below the limit.
    case less = "<"
    /// At the limit or below it.
    case lessOrEqual = "<="
    /// Above the limit.
    case greater = ">"
    /// At the limit or above it.
    case greaterOrEqual = ">="
    /// Exactly the limit.
    case equal = "=="

    /// Whether it holds. Nothing holds of what is no number.
    public func holds(_ left: Double, _ right: Double) -> Bool {
      switch self {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      case .equal: left == right
      }
    }

    /// The same with its sides exchanged.
    var mirrored: Comparison {
      switch self {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      case .equal: .equal
      }
    }
  }

  /// A figure that it names.
  public struct Metric: Sendable, Equatable {
    /// E.g. `latency.p99`.
    public var name: String
    /// Unicode scalars of the text as it was read that stand before it.
    public var offset: Int
  }

  indirect enum Term: Sendable, Equatable {
    case constant(Double)
    case metric(String)
    case sum(Term, Term)
    case difference(Term, Term)
    case product(Term, Term, scale: Double)
    case quotient(Term, Term, scale: Double)
  }

  /// As it was written, without spaces; reads back as the same expression.
  public let text: String
  /// What must hold between what is observed and the limit.
  public let comparison: Comparison
  /// The figures that it needs, in the order of the text; one that is named twice is there twice.
  public let metrics: [Metric]
  /// What is compared.
  public let dimension: ObjectiveDimension
  let observed: Term
  let limit: Term

  /// Reads `text`.
  init(parsing text: String) throws(ObjectiveError) {
    var parser = try ObjectiveParser(text)
    self = try parser.expression()
  }

  init(
    text: String, _ left: Term, _ comparison: Comparison, _ right: Term, _ dimension: ObjectiveDimension,
    _ metrics: [Metric]
  ) {
    self.text = text
    self.metrics = metrics
    self.dimension = dimension
    // The limit is the side that is not measured, wherever it is written.
    let isMirrored = left.isConstant
    self.comparison = isMirrored ? comparison.mirrored : comparison
    observed = isMirrored ? right : left
    limit = isMirrored ? left : right
  }

  /// Both sides with the figures that `value` knows; nil when it lacks one of them, or divides by zero.
  public func sides(_ value: (String) -> Double?) -> (observed: Double, limit: Double)? {
    guard let observed = observed.value(value), let limit = limit.value(value) else { return nil }
    return observed.isNaN || limit.isNaN ? nil : (observed, limit)
  }

  /// The limit when it is not measured itself.
  public var constantLimit: Double? { limit.isConstant ? limit.value { _ in nil } : nil }

  /// The metric that is observed, when it is one and nothing else.
  public var observedMetric: String? { if case .metric(let name) = observed { name } else { nil } }

  /// Whether it names the metric `name`, with whatever statistic.
  public func uses(_ name: String) -> Bool { metrics.contains { $0.name.prefix { $0 != "." } == name } }

  /// The unit of both sides, as verdicts have it: `ns`, `per_s`, `bytes`, `bytes_per_s`, `messages`, `share`; nil for other
  /// plain numbers.
  public var unit: String? {
    if let unit = dimension.unit { return unit }
    guard dimension == .plain else { return nil }
    if observed.isCount { return "messages" }
    return text.contains("%") ? "share" : nil
  }

  /// The text.
  public var description: String { text }
}

extension ObjectiveExpression.Term {
  /// Whether nothing in it is measured.
  var isConstant: Bool {
    switch self {
    case .constant: true
    case .metric: false
    case .sum(let left, let right), .difference(let left, let right), .product(let left, let right, _),
      .quotient(let left, let right, _):
      left.isConstant && right.isConstant
    }
  }

  /// Whether it is a number of messages.
  fileprivate var isCount: Bool {
    switch self {
    case .metric(let name): name.hasPrefix("messages.") || name.hasPrefix("verify.")
    case .sum(let left, let right), .difference(let left, let right): left.isCount && right.isCount
    case .constant, .product, .quotient: false
    }
  }

  func value(_ figure: (String) -> Double?) -> Double? {
    switch self {
    case .constant(let value): return value
    case .metric(let name): return figure(name)
    case .sum(let left, let right): return combined(left, right, figure) { $0 + $1 }
    case .difference(let left, let right): return combined(left, right, figure) { $0 - $1 }
    case .product(let left, let right, let scale): return combined(left, right, figure) { $0 * $1 * scale }
    case .quotient(let left, let right, let scale):
      return combined(left, right, figure) { $1 == 0 ? nil : $0 / $1 * scale }
    }
  }

  private func combined(
    _ left: Self, _ right: Self, _ figure: (String) -> Double?, _ operation: (Double, Double) -> Double?
  ) -> Double? {
    guard let left = left.value(figure), let right = right.value(figure) else { return nil }
    return operation(left, right)
  }
}
