extension TerminalStyle {
  /// `text` with lines that are too long broken between words; what follows is indented a little more than the line began.
  /// A word that is longer than a line stays whole. Unchanged where the width is not known.
  public func wrapped(_ text: String) -> String {
    guard let columnCount else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { Self.pieces(of: $0, columnCount) }.joined(separator: "\n")
  }

  private static func pieces(of line: Substring, _ columnCount: Int) -> [String] {
    guard visibleCount(line) > columnCount else { return [String(line)] }
    let indentation = line.prefix { $0 == " " }
    let further = String(repeating: " ", count: min(indentation.count + 2, columnCount / 2))
    var pieces: [String] = []
    var piece = String(indentation)
    var column = indentation.count
    var isFirstWord = true
    for word in line.dropFirst(indentation.count).split(separator: " ", omittingEmptySubsequences: false) {
      let width = visibleCount(word)
      if !isFirstWord, column + 1 + width > columnCount {
        while piece.last == " " { piece.removeLast() }
        pieces.append(piece)
        (piece, column, isFirstWord) = (further, further.count, true)
      }
      // Blanks at the start of a piece stood between two columns of a table.
      if word.isEmpty, isFirstWord { continue }
      if !isFirstWord { piece += " " }
      piece += word
      column += width + (isFirstWord ? 0 : 1)
      isFirstWord = false
    }
    return pieces + [piece]
  }

  /// Characters without the escape sequences of colours.
  private static func visibleCount(_ text: Substring) -> Int {
    var count = 0
    var isEscape = false
    for character in text {
      if isEscape {
        isEscape = character != "m"
      } else if character == "\u{1B}" {
        isEscape = true
      } else {
        count += 1
      }
    }
    return count
  }
}
