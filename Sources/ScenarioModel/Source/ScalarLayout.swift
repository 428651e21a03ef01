/// How the characters of a value lie in the line that it is written in, so that an error can point into it.
struct ScalarLayout: Equatable {
  /// A variable, and the value that stands for it now.
  struct Replacement: Equatable {
    /// Unicode scalars of the value, and before it.
    var offset: Int
    var length: Int
    /// Unicode scalars of what is written, and before it.
    var sourceOffset: Int
    var sourceLength: Int
  }

  /// The width of the quote before the first character.
  var quoteWidth: Int
  /// In rising order.
  var replacements: [Replacement] = []

  /// Unicode scalars from where the value begins, its quote included, to where the one with that offset is written; the variable
  /// for all of the text that stands for it.
  func sourceOffset(of offset: Int) -> Int {
    var shift = 0
    for replacement in replacements {
      if offset < replacement.offset { break }
      if offset < replacement.offset + replacement.length { return quoteWidth + replacement.sourceOffset }
      shift = replacement.sourceOffset + replacement.sourceLength - replacement.offset - replacement.length
    }
    return quoteWidth + offset + shift
  }
}
