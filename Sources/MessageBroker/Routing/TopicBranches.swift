/// The words that lead on from a node of a `TopicTrie`. Few are looked through by their hashes, many are hashed.
struct TopicBranches: Sendable {
  private var few: [(word: TopicWord, node: TopicNode)] = []
  /// Used instead of `few` from the first time that there are many.
  private var many: ShardedDictionary<TopicWord, TopicNode>?

  private static var fewLimit: Int { 8 }

  var isEmpty: Bool { few.isEmpty && many?.isEmpty != false }

  subscript(word: TopicWord) -> TopicNode? {
    if let many { return many[word] }
    for index in few.indices where few[index].word == word { return few[index].node }
    return nil
  }

  /// Changes the node behind a word in place; nil stands for "not there" before and after.
  mutating func update(_ word: TopicWord, _ body: (inout TopicNode?) -> Void) {
    if many != nil {
      many?.update(word, body)
      return
    }
    var node: TopicNode?
    // Taken out while it changes, so that it has one owner.
    if let known = few.firstIndex(where: { $0.word == word }) { node = few.remove(at: known).node }
    body(&node)
    if let node { few.append((word, node)) }
    if few.count > Self.fewLimit { becomeMany() }
  }

  private mutating func becomeMany() {
    var all = ShardedDictionary<TopicWord, TopicNode>()
    for (word, node) in few { all.set(word, to: node) }
    few = []
    many = all
  }
}
