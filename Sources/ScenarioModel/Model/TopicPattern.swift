/// The binding key of a topic exchange: words separated by dots, where `*` stands for one word and `#` for any number, none too.
struct TopicPattern {
  private let words: [Substring]

  init(_ text: String) { words = Self.words(of: text[...]) }

  /// Whether it has no `*` and no `#`, so that it is a routing key itself.
  var isLiteral: Bool { !words.contains("*") && !words.contains("#") }

  /// Whether a routing key is meant. O(words of the pattern × words of the key).
  func matches(_ key: String) -> Bool {
    // By position in the key: whether the words of the pattern so far can stand for so many words of the key.
    let key = Self.words(of: key[...])
    var reachable = [Bool](repeating: false, count: key.count + 1)
    reachable[0] = true
    for word in words {
      if word == "#" {
        let first = reachable.firstIndex(of: true) ?? reachable.endIndex
        for place in first..<reachable.endIndex { reachable[place] = true }
      } else {
        for place in key.indices.reversed() {
          reachable[place + 1] = reachable[place] && (word == "*" || word == key[place])
        }
        reachable[0] = false
      }
    }
    return reachable[key.count]
  }

  /// An empty key has no words.
  private static func words(of text: Substring) -> [Substring] {
    text.isEmpty ? [] : text.split(separator: ".", omittingEmptySubsequences: false)
  }
}
