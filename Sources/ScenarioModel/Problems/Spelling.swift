/// Finds the word that somebody meant to write.
enum Spelling {
  /// The candidate nearest to `word`, if one is near enough to be a slip: at most a third of its letters differ, or one
  /// of the two is the beginning of the other.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, word.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates where abs(candidate.count - word.count) <= limit {
      let distance = self.distance(Array(word.lowercased()), Array(candidate.lowercased()))
      if distance <= limit, distance < word.count, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word ?? candidates.first { isBeginning($0, of: word) || isBeginning(word, of: $0) }
  }

  private static func isBeginning(_ start: String, of word: String) -> Bool {
    start.count >= 3 && word.lowercased().hasPrefix(start.lowercased())
  }

  /// A sentence for `nearest`, e.g. "did you mean `payload`?".
  static func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
    nearest(to: word, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// Words for a message, each once: `a, b, c`; of very many, the first ten.
  static func list(_ words: [String]) -> String {
    var seen: Set<String> = []
    let different = words.filter { seen.insert($0).inserted }
    let more = different.count > 10 ? " and \(different.count - 10) more" : ""
    return different.prefix(10).joined(separator: ", ") + more
  }

  /// Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in 1...left.count {
      var row = [i]
      for j in 1...right.count {
        let replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
        var cost = min(replaced, last[j] + 1, row[j - 1] + 1)
        if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
