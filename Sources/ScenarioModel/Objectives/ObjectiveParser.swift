/// Reads one objective by recursive descent, and checks its units and the names of its metrics on the way.
///
/// Ends at the first mistake, which it can point at.
struct ObjectiveParser {
  typealias Term = ObjectiveExpression.Term

  /// A part, what it is, and where it begins. A zero without a unit is zero in every unit.
  struct Operand {
    var term: Term
    var dimension: ObjectiveDimension
    var offset: Int

    var isZero: Bool { dimension == .plain && term == .constant(0) }
  }

  let tokens: [ObjectiveToken]
  private(set) var index = 0
  private var metrics: [ObjectiveExpression.Metric] = []
  private var depth = 0

  /// Nobody nests parentheses deeper, and the stack is not endless.
  private static let depthLimit = 32

  init(_ text: String) throws(ObjectiveError) { tokens = try ObjectiveLexer.tokens(of: text) }

  var token: ObjectiveToken { tokens[index] }

  /// Passes the present token, unless it is the end.
  private mutating func advance() { index = min(index + 1, tokens.count - 1) }

  /// The whole text.
  mutating func expression() throws(ObjectiveError) -> ObjectiveExpression {
    let left = try sum()
    guard case .comparison(let comparison) = token.kind else { throw notAComparison() }
    let sign = token
    advance()
    let right = try sum()
    guard token.kind == .end else { throw goesOn() }
    let dimension = try common(left, right, "compared with", at: sign.offset)
    let text = tokens.map(\.text).joined()
    if metrics.isEmpty {
      throw ObjectiveError(
        .invalidValue, "`\(text)` measures nothing", at: left.offset, "compare a metric such as latency.p99")
    }
    return ObjectiveExpression(text: text, left.term, comparison, right.term, dimension, metrics)
  }

  // MARK: - Terms

  private mutating func sum() throws(ObjectiveError) -> Operand {
    var left = try product()
    while token.kind == .plus || token.kind == .minus {
      let sign = token
      advance()
      let right = try product()
      let verb = sign.kind == .plus ? "added to" : "subtracted from"
      left.dimension = try common(left, right, verb, at: sign.offset)
      left.term = sign.kind == .plus ? .sum(left.term, right.term) : .difference(left.term, right.term)
    }
    return left
  }

  private mutating func product() throws(ObjectiveError) -> Operand {
    var left = try operand()
    while token.kind == .times || token.kind == .over {
      let sign = token
      advance()
      let right = try operand()
      if sign.kind == .over, right.term.isConstant, right.term.value({ _ in nil }) ?? 0 == 0 {
        throw ObjectiveError(.invalidValue, "nothing can be divided by zero", at: right.offset)
      }
      let product = sign.kind == .times
      let dimension = product ? left.dimension * right.dimension : left.dimension / right.dimension
      guard dimension.isSensible else {
        throw ObjectiveError(.wrongUnit, "this is \(dimension.phrase), which nothing is", at: sign.offset)
      }
      left.term =
        product
        ? .product(left.term, right.term, scale: ObjectiveDimension.scale(left.dimension, times: right.dimension))
        : .quotient(left.term, right.term, scale: ObjectiveDimension.scale(left.dimension, over: right.dimension))
      left.dimension = dimension
    }
    return left
  }

  private mutating func operand() throws(ObjectiveError) -> Operand {
    let token = token
    switch token.kind {
    case .number(let value, let dimension):
      advance()
      return Operand(term: .constant(value), dimension: dimension, offset: token.offset)
    case .name(let name):
      let dimension = try ObjectiveMetrics.dimension(of: name, at: token.offset)
      metrics.append(.init(name: name, offset: token.offset))
      advance()
      return Operand(term: .metric(name), dimension: dimension, offset: token.offset)
    case .open: return try inParentheses(from: token)
    case .end:
      throw ObjectiveError(
        .invalidValue, index == 0 ? "there is no objective" : "a metric or a number is missing here", at: token.offset,
        "write \"latency.p99 < 1ms\"")
    default:
      throw ObjectiveError(
        .invalidValue, "\(token.phrase) needs a metric or a number before it", at: token.offset,
        token.kind == .minus ? "nothing that is measured is below zero" : nil)
    }
  }

  private mutating func inParentheses(from open: ObjectiveToken) throws(ObjectiveError) -> Operand {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw ObjectiveError(.outOfRange, "parentheses are nested more than \(Self.depthLimit) deep", at: open.offset)
    }
    advance()
    var inner = try sum()
    inner.offset = open.offset
    guard token.kind == .close else {
      if token.kind == .end {
        throw ObjectiveError(.invalidValue, "this parenthesis is not closed", at: open.offset, "add )")
      }
      if case .comparison = token.kind {
        throw ObjectiveError(
          .invalidValue, "a comparison does not stand in parentheses", at: token.offset, "close them before it")
      }
      throw goesOn()
    }
    advance()
    return inner
  }
}
