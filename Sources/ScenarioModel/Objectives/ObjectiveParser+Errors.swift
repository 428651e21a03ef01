/// What cannot be: units that do not fit together, and tokens that stand in the wrong place.
extension ObjectiveParser {
  // MARK: - Units

  /// The dimension that both have, or that the other has when one is a bare zero.
  func common(
    _ left: Operand, _ right: Operand, _ verb: String, at offset: Int
  ) throws(ObjectiveError) -> ObjectiveDimension {
    if left.dimension == right.dimension || right.isZero { return left.dimension }
    if left.isZero { return right.dimension }
    let bare = [left, right].first { $0.dimension == .plain && $0.term.isConstant }
    let other = bare.map { $0.offset == left.offset ? right : left }
    if let bare, let other, case .constant(let value) = bare.term {
      let number = Quantity.decimalText(value)
      let suggestion: String? =
        switch other.dimension {
        case .duration: "write \(number)ms, or another unit of time"
        case .rate: "write \(number)/s"
        case .bytes: "write \(number)B, or another unit of size"
        case .byteRate: "write \(number)B/s"
        default: nil
        }
      throw ObjectiveError(
        .missingUnit, "`\(number)` has no unit, and is \(verb) \(other.dimension.phrase)", at: bare.offset, suggestion)
    }
    throw ObjectiveError(
      .wrongUnit, "\(right.dimension.phrase) cannot be \(verb) \(left.dimension.phrase)", at: offset)
  }

  // MARK: - Errors

  func notAComparison() -> ObjectiveError {
    guard token.kind == .end else { return goesOn() }
    return ObjectiveError(
      .invalidValue, "`\(tokens.map(\.text).joined())` is not a comparison", at: token.offset,
      "write \"latency.p99 < 1ms\"")
  }

  /// What stands here cannot follow.
  func goesOn() -> ObjectiveError {
    switch token.kind {
    case .comparison:
      ObjectiveError(
        .invalidValue, "there is a comparison already", at: token.offset,
        "each comparison is an entry of its own under `slo`")
    case .close: ObjectiveError(.invalidValue, "this parenthesis was never opened", at: token.offset, "remove it")
    case .name("and"), .name("or"), .name("AND"), .name("OR"):
      ObjectiveError(
        .invalidValue, "\(token.phrase) is not known here", at: token.offset,
        "each condition is an entry of its own under `slo`")
    case .name where isAfterNumber:
      ObjectiveError(
        .invalidValue, "\(token.phrase) stands behind a number", at: token.offset,
        "write the unit without a space, or put + - * / between them")
    default:
      ObjectiveError(
        .invalidValue, "\(token.phrase) does not belong here", at: token.offset, "put + - * / or a comparison before it"
      )
    }
  }

  private var isAfterNumber: Bool {
    guard index > 0, case .number = tokens[index - 1].kind else { return false }
    return true
  }
}
