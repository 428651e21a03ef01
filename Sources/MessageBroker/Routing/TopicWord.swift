/// One word of a routing key or pattern, with its hash: a walk through the trie looks the same word up many times.
struct TopicWord: Hashable, Sendable {
  let text: String
  private let hash: UInt64

  /// The words of a key: what lies between its dots; none in an empty key.
  static func words(of key: String) -> [TopicWord] {
    if key.isEmpty { return [] }
    var words: [TopicWord] = []
    words.reserveCapacity(8)
    let bytes = key.utf8
    var start = bytes.startIndex
    // The offset basis and prime of FNV-1a; the dictionary's own seeded hash is made of it.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for place in bytes.indices {
      let byte = bytes[place]
      if byte == UInt8(ascii: ".") {
        words.append(TopicWord(text: String(key[start..<place]), hash: hash))
        start = bytes.index(after: place)
        hash = 0xCBF2_9CE4_8422_2325
      } else {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    words.append(TopicWord(text: String(key[start...]), hash: hash))
    return words
  }

  static func == (left: TopicWord, right: TopicWord) -> Bool { left.hash == right.hash && left.text == right.text }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
