/// The patterns of a topic exchange as a tree of words, so that the cost of routing depends on the key and the patterns that
/// share its beginning, not on how many there are.
///
/// `*` and `#` are branches of their own. A key is walked word by word with the set of all nodes that its beginning leads to (the
/// simulation of a nondeterministic automaton, Thompson 1968), so that patterns with many `#` cost no backtracking. The idea of a trie for
/// topics is RabbitMQ's ("Very fast and scalable topic routing", 2010).
///
/// A value: copies share nodes, and a change copies those on its path that are shared.
struct TopicTrie: Sendable {
  private var root: TopicNode? = TopicNode(isAnyWords: false)

  /// Changes the destinations of a pattern. O(words), and what is shared with copies.
  mutating func update(pattern: String, _ body: (inout DestinationList) -> Void) {
    TopicNode.update(&root, words: TopicWord.words(of: pattern)[...], isAnyWords: false, body)
    if root == nil { root = TopicNode(isAnyWords: false) }
  }

  /// The destinations of exactly this pattern.
  func destinations(pattern: String) -> DestinationList? {
    var node = root
    for word in TopicWord.words(of: pattern) { node = node?.branch(word) }
    return node?.destinations
  }

  /// Adds the destinations of all patterns that match `key`. O(words × nodes reached).
  func match(key: String, into matches: inout RouteMatches) {
    var reached: [TopicNode] = []
    var next: [TopicNode] = []
    reached.reserveCapacity(8)
    next.reserveCapacity(8)
    root?.enter(&reached)
    for word in TopicWord.words(of: key) {
      for node in reached { node.step(word, into: &next) }
      swap(&reached, &next)
      next.removeAll(keepingCapacity: true)
    }
    for node in reached { node.destinations.add(to: &matches) }
  }
}
