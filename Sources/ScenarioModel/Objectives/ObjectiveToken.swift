/// One sign or word of an objective, and where it stands.
struct ObjectiveToken: Equatable {
  enum Kind: Equatable {
    case number(Double, ObjectiveDimension)
    case name(String)
    case comparison(ObjectiveExpression.Comparison)
    case plus, minus, times, over, open, close
    case end
  }

  var kind: Kind
  /// As it is written; empty for the end.
  var text: String
  /// Unicode scalars before it.
  var offset: Int

  /// For messages.
  var phrase: String { kind == .end ? "the end" : "`\(text)`" }
}
