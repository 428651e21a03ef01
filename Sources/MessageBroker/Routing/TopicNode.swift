/// A place in a `TopicTrie`: the patterns that begin with the words on the way to it.
final class TopicNode: @unchecked Sendable {
  // Unchecked, because: it is changed only while one trie alone refers to it, which the broker's mutex guards.
  private var words = TopicBranches()
  /// The branch `*`.
  private var anyWord: TopicNode?
  /// The branch `#`.
  private var anyWords: TopicNode?
  /// Of the pattern that ends here.
  private(set) var destinations = DestinationList()
  /// Whether this is itself a branch `#`, which any number of words leads to.
  private let isAnyWords: Bool

  init(isAnyWords: Bool) { self.isAnyWords = isAnyWords }

  private init(copying other: TopicNode) {
    words = other.words
    anyWord = other.anyWord
    anyWords = other.anyWords
    destinations = other.destinations
    isAnyWords = other.isAnyWords
  }

  private var isEmpty: Bool { words.isEmpty && anyWord == nil && anyWords == nil && destinations.isEmpty }

  /// The branch of one word of a pattern.
  func branch(_ word: TopicWord) -> TopicNode? {
    switch word.text {
    case "*": anyWord
    case "#": anyWords
    default: words[word]
    }
  }

  /// Changes the destinations of the pattern that goes on with `words`, making nodes that it needs and removing those that
  /// lead nowhere afterwards. Recursive: a key of 255 bytes has at most 256 words.
  static func update(
    _ place: inout TopicNode?, words: ArraySlice<TopicWord>, isAnyWords: Bool, _ body: (inout DestinationList) -> Void
  ) {
    if place == nil {
      place = TopicNode(isAnyWords: isAnyWords)
    } else if !isKnownUniquelyReferenced(&place) {
      place = place.map { TopicNode(copying: $0) }
    }
    guard let node = place else { return }
    if let word = words.first {
      let rest = words.dropFirst()
      switch word.text {
      case "*": update(&node.anyWord, words: rest, isAnyWords: false, body)
      case "#": update(&node.anyWords, words: rest, isAnyWords: true, body)
      default: node.words.update(word) { update(&$0, words: rest, isAnyWords: false, body) }
      }
    } else {
      body(&node.destinations)
    }
    if node.isEmpty { place = nil }
  }

  /// Adds this node and all that no further word leads to.
  func enter(_ reached: inout [TopicNode]) {
    reached.append(self)
    // Only a branch `#` can be reached twice at one word: from its parent, and from itself by the word before.
    if let anyWords, !reached.contains(where: { $0 === anyWords }) { anyWords.enter(&reached) }
  }

  /// Adds the nodes that `word` leads to from here.
  func step(_ word: TopicWord, into next: inout [TopicNode]) {
    if isAnyWords, !next.contains(where: { $0 === self }) { enter(&next) }
    words[word]?.enter(&next)
    anyWord?.enter(&next)
  }
}
