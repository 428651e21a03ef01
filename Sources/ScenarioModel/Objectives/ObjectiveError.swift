/// Why a text is no objective, and where in the text.
struct ObjectiveError: Error, Equatable {
  var code: ScenarioProblem.Code
  /// A sentence without a full stop.
  var message: String
  /// How many Unicode scalars of the text stand before the place; the text's length for its end.
  var offset: Int
  var suggestion: String?

  init(_ code: ScenarioProblem.Code, _ message: String, at offset: Int, _ suggestion: String? = nil) {
    self.code = code
    self.message = message
    self.offset = offset
    self.suggestion = suggestion
  }
}
