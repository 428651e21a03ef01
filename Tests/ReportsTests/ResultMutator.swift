import Distributions

/// Spoils the text of a result: bytes anywhere, or numbers, texts and lists so that the rest stays JSON.
struct ResultMutator {
  private let text: [UInt8]
  /// Where numbers, texts and lists are.
  private var numbers: [Range<Int>] = []
  private var texts: [Range<Int>] = []
  private var lists: [Range<Int>] = []
  private var random: SplitMix64

  private static let absurdNumbers = [
    "0", "-1", "1", "-0.0", "1e308", "-1e308", "1e-308", "9e18", "-9e18", "1e15", "9007199254740992",
    "9007199254740991",
    "-9007199254740992", "9223372036854775807", "18446744073709551615", "1e999", "0.5", "65536", "4294967296",
    "99999999999999999999999", "null", "true", "\"1\"", "[]", "{}",
  ]
  private static let oddTexts = [
    "", "\u{0}", "é\u{301}", "<b>", "|", "`", "\r\n", "null", "p99", "latency.p", "latency.p99@", "%", "HISTFAAAA", "=",
    "HISTFAAAACp4nJNpmSzMwMDAzQABzFCaEURcm7yEwf4DVICJiek4P9P7eYxMAJA7BwE=", "2026-01-01T00:00:00Z", "🐇",
  ]

  init(_ text: [UInt8], seed: UInt64) {
    self.text = text
    random = SplitMix64(seed: seed)
    find()
  }

  private mutating func find() {
    var open: [Int] = []
    var index = 0
    while index < text.count {
      let start = index
      switch text[index] {
      case UInt8(ascii: "\""):
        index += 1
        while text[index] != UInt8(ascii: "\"") { index += text[index] == UInt8(ascii: "\\") ? 2 : 1 }
        index += 1
        texts.append(start..<index)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        while "+-.eE0123456789".utf8.contains(text[index]) { index += 1 }
        numbers.append(start..<index)
      case let byte:
        index += 1
        if byte == UInt8(ascii: "[") { open.append(start) }
        if byte == UInt8(ascii: "]"), let start = open.popLast() { lists.append(start..<index) }
      }
    }
  }

  /// The text with some bytes changed, most often so that it is no JSON any more.
  mutating func damaged() -> [UInt8] {
    var text = text
    for _ in 0...random.below(3) {
      let place = random.below(text.count)
      let end = min(text.count, place + 1 + random.below(20))
      switch random.below(5) {
      case 0: text[place] ^= 1 << UInt8(random.below(8))
      case 1: text.removeSubrange(place..<end)
      case 2: text.insert(contentsOf: text[place..<end], at: random.below(text.count))
      case 3: text.removeSubrange(place...)
      default: text.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      }
      if text.isEmpty { return text }
    }
    return text
  }

  /// The text with some values replaced by others that are JSON too.
  mutating func twisted() -> [UInt8] {
    var edits: [(range: Range<Int>, text: [UInt8])] = []
    for _ in 0...random.below(4) {
      switch random.below(8) {
      case 0: edits.append((texts[random.below(texts.count)], odd()))
      case 1: edits.append((lists[random.below(lists.count)], Array("[]".utf8)))
      case 2: edits.append(repeated(lists[random.below(lists.count)]))
      default:
        let number = Self.absurdNumbers[random.below(Self.absurdNumbers.count)]
        edits.append((numbers[random.below(numbers.count)], Array(number.utf8)))
      }
    }
    var result = text
    var end = text.count
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) where edit.range.upperBound <= end {
      result.replaceSubrange(edit.range, with: edit.text)
      end = edit.range.lowerBound
    }
    return result
  }

  private mutating func odd() -> [UInt8] {
    let text = Self.oddTexts[random.below(Self.oddTexts.count)]
    let escaped = text.unicodeScalars.map { $0.value < 0x20 ? "\\u000\(String($0.value, radix: 16))" : "\($0)" }
    return Array("\"\(escaped.joined())\"".utf8)
  }

  /// A list with its elements several times.
  private mutating func repeated(_ list: Range<Int>) -> (Range<Int>, [UInt8]) {
    let inner = text[list].dropFirst().dropLast()
    guard !inner.isEmpty, inner.count < 4_000 else { return (list, Array(text[list])) }
    let copies = repeatElement(inner, count: 2 + random.below(3)).joined(separator: [UInt8(ascii: ",")])
    return (list, Array("[".utf8) + copies + Array("]".utf8))
  }
}
