public import Platform
public import Synchronization

/// Which messages have arrived, exactly, in constant memory: the judge of loss and duplication for one queue or ring.
///
/// For each stream a window of recent sequence numbers, one bit each. 32 bits share a word with their generation (how often
/// the window has gone round), so that a late or repeated message is told apart from the one that uses the same bit now.
/// A word that is taken over by the next generation while it still misses numbers goes to a side table first, so that the
/// window's length bounds the speed of the common case and never the exactness.
///
/// Roles: consumers `record` runs of numbers; with several consumers a word is updated by compare-and-swap, with one by a
/// plain load and store. Orderings are relaxed: each word is complete in itself, and totals are read after a barrier.
@safe
public final class SequenceLedger: @unchecked Sendable {
  // Unchecked, because: the words are atomics in memory that lives as long as this object.

  /// The queue or ring in question.
  public let name: String
  /// The streams that lead here.
  public let streams: [Int]
  /// Whether a message may come here by several ways, so that coming twice is no mistake.
  let allowsRepeats: Bool
  /// Whether several threads record.
  public let isShared: Bool
  /// How many recent numbers of each stream are remembered without the side table, a power of two.
  public let windowCount: UInt64
  @usableFromInline let streamCount: Int
  /// By stream: whether it leads here.
  private let leadsHere: [Bool]
  /// Keeps memory that is not the ledger's own.
  private let owner: (any AnyObject & Sendable)?
  @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let wordsPerStream: UInt64
  /// Words that were taken over while they missed numbers.
  let leftBehind = Guarded<[LeftBehind: UInt64]>([:])

  /// An empty ledger, or another view of one that lies in the memory of several processes.
  /// - Parameters:
  ///   - name: The queue or ring.
  ///   - streams: The streams that lead here, out of `streamCount`.
  ///   - underWayLimit: About how many messages of a stream are under way at a time; sizes the window.
  ///   - isShared: Whether several threads record.
  ///   - strays: Streams of which some messages may come here all the same: as dead letters.
  ///   - allowsRepeats: Whether one message may come by several ways.
  ///   - memory: `byteCount(streamCount:underWayLimit:)` bytes on a boundary of 128, zeroed when new; nil for the ledger's own.
  ///     `entriesLeftBehind` are not in it.
  public init(
    name: String, streams: [Int], streamCount: Int, underWayLimit: Int, isShared: Bool, strays: [Int] = [],
    allowsRepeats: Bool = false, in memory: BorrowedMemory? = nil
  ) {
    self.name = name
    self.streams = streams
    self.streamCount = streamCount
    var leadsHere = [Bool](repeating: false, count: streamCount)
    for stream in streams + strays { leadsHere[stream] = true }
    self.leadsHere = leadsHere
    self.isShared = isShared
    self.allowsRepeats = allowsRepeats
    windowCount = Self.windowCount(streamCount: streamCount, underWayLimit: underWayLimit)
    wordsPerStream = windowCount / 32
    owner = memory?.owner
    let byteCount = Self.byteCount(streamCount: streamCount, underWayLimit: underWayLimit)
    let start = unsafe memory?.start ?? AlignedMemory.allocate(byteCount: byteCount)
    unsafe words = start.bindMemory(to: Atomic<UInt64>.self, capacity: byteCount / 8)
  }

  deinit {
    if owner == nil { unsafe AlignedMemory.deallocate(words) }
  }

  /// Whether messages of a stream belong here: it exists, and the topology routes it to this queue or ring.
  func expects(stream: Int) -> Bool { stream < streamCount && leadsHere[stream] }

  /// The longest leap over numbers that never arrived, in times round the window: 268 million numbers for a window of
  /// 64 Ki. A number beyond is a damaged one; following it would fill the side table with what was never sent.
  private static let generationLeapLimit: UInt64 = 4096

  /// Whether a number can be one of its stream's at this time, as far as what has arrived lets one know.
  func isPlausible(_ number: SequenceNumber) -> Bool {
    let wordNumber = number.sequence >> 5
    let seen = unsafe word(wordNumber, of: number.stream).pointee.load(ordering: .relaxed) >> 32
    return wordNumber / wordsPerStream <= seen + Self.generationLeapLimit
  }

  /// What recording a run of numbers found.
  @frozen
  public struct Receipt: Sendable, Equatable {
    /// Numbers that had not arrived before.
    public var newCount = 0
    /// Numbers that had.
    public var repeatedCount = 0

    @usableFromInline init() {}
  }

  /// Records that the numbers `first ..< first + count` of one stream arrived. A few ns per 32 numbers in order.
  @inlinable
  public func record(stream: Int, first: UInt64, count: UInt64) -> Receipt {
    precondition(stream < streamCount, "a stream that the plan does not have")
    var receipt = Receipt()
    var next = first
    let end = first &+ count
    while next < end {
      let bitsInWord = min(32 &- (next & 31), end &- next)
      let mask = ((1 as UInt64) << bitsInWord &- 1) << (next & 31)
      let repeated = apply(mask, toWord: next >> 5, of: stream).nonzeroBitCount
      receipt.repeatedCount &+= repeated
      receipt.newCount &+= Int(truncatingIfNeeded: bitsInWord) &- repeated
      next &+= bitsInWord
    }
    return receipt
  }

  /// Sets the bits of `mask`; returns those that were set before.
  @inlinable @inline(__always)
  func apply(_ mask: UInt64, toWord wordNumber: UInt64, of stream: Int) -> UInt64 {
    let word = unsafe self.word(wordNumber, of: stream)
    let generation = wordNumber / wordsPerStream
    var old = unsafe word.pointee.load(ordering: .relaxed)
    while true {
      let isCurrent = old >> 32 == generation
      // Taking over a complete word of the generation just before is the common case.
      guard isCurrent || (old >> 32 &+ 1 == generation && old & 0xFFFF_FFFF == 0xFFFF_FFFF) else {
        return applyOutOfTurn(mask, toWord: wordNumber, of: stream)
      }
      let arrived = isCurrent ? old & 0xFFFF_FFFF : 0
      let new = generation << 32 | arrived | mask
      guard isShared else {
        unsafe word.pointee.store(new, ordering: .relaxed)
        return arrived & mask
      }
      let (exchanged, original) = unsafe word.pointee.weakCompareExchange(
        expected: old, desired: new, ordering: .relaxed)
      if exchanged { return arrived & mask }
      old = original
    }
  }

  @inlinable
  func word(_ wordNumber: UInt64, of stream: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    let index = UInt64(truncatingIfNeeded: stream) &* wordsPerStream &+ (wordNumber & (wordsPerStream &- 1))
    return unsafe words + Int(truncatingIfNeeded: index)
  }

  /// The rare cases, under the side table's lock: a word still misses numbers when it is taken over, or numbers arrive
  /// after their word was. The table is filled before the word changes, so who finds a younger word finds the entry too.
  @usableFromInline @inline(never)
  func applyOutOfTurn(_ mask: UInt64, toWord wordNumber: UInt64, of stream: Int) -> UInt64 {
    leftBehind.withLock { table in
      let word = unsafe self.word(wordNumber, of: stream)
      let generation = wordNumber / wordsPerStream
      while true {
        let old = unsafe word.pointee.load(ordering: .relaxed)
        let oldGeneration = old >> 32
        if oldGeneration > generation {
          let key = LeftBehind(stream: stream, wordNumber: wordNumber)
          // No entry: the word was complete when it was taken over.
          guard let arrived = table[key] else { return mask }
          let now = arrived | mask
          table[key] = now == 0xFFFF_FFFF ? nil : now
          return arrived & mask
        }
        if oldGeneration < generation {
          for skipped in oldGeneration..<generation {
            let arrived = skipped == oldGeneration ? old & 0xFFFF_FFFF : 0
            let key = leftBehindKey(wordNumber, of: stream, generation: skipped)
            table[key] = arrived == 0xFFFF_FFFF ? nil : arrived
          }
        }
        let arrived = oldGeneration == generation ? old & 0xFFFF_FFFF : 0
        let exchanged = unsafe word.pointee.compareExchange(
          expected: old, desired: generation << 32 | arrived | mask, ordering: .relaxed
        ).exchanged
        if exchanged { return arrived & mask }
        // Another consumer was faster. It may have completed the word and taken it over, so that what was entered is wrong.
        if oldGeneration < generation {
          for skipped in oldGeneration..<generation {
            table[leftBehindKey(wordNumber, of: stream, generation: skipped)] = nil
          }
        }
      }
    }
  }

  private func leftBehindKey(_ wordNumber: UInt64, of stream: Int, generation: UInt64) -> LeftBehind {
    LeftBehind(stream: stream, wordNumber: generation * wordsPerStream + wordNumber % wordsPerStream)
  }

  /// The first missing numbers, not below `first`, of a stream of which `acceptedCount` messages were accepted, at most
  /// `limit` of them. Only while nobody records. Looks through the window and the side table.
  public func missing(stream: Int, from first: UInt64 = 0, acceptedCount: UInt64, limit: Int) -> [SequenceNumber] {
    guard first < acceptedCount else { return [] }
    let wanted = first..<acceptedCount
    var found = leftBehind.withLock { table in
      table.filter { $0.key.stream == stream && $0.key.wordNumber >= first >> 5 }
        .sorted { $0.key.wordNumber < $1.key.wordNumber }.prefix(limit)
        .flatMap { numbers(missingIn: $0.value, word: $0.key.wordNumber, of: stream, within: wanted) }
    }
    var foundInWindow = 0
    var wordNumber = max(first >> 5, oldestWordNumber(of: stream))
    while wordNumber * 32 < acceptedCount, foundInWindow < limit {
      let word = unsafe self.word(wordNumber, of: stream).pointee.load(ordering: .relaxed)
      let generation = wordNumber / wordsPerStream
      // A younger word in its place: this one was complete, or is in the side table.
      if word >> 32 <= generation {
        let arrived = word >> 32 == generation ? word & 0xFFFF_FFFF : 0
        let numbers = numbers(missingIn: arrived, word: wordNumber, of: stream, within: wanted)
        foundInWindow += numbers.count
        found += numbers
      }
      wordNumber += 1
    }
    return Array(found.sorted { $0.sequence < $1.sequence }.prefix(limit))
  }

  /// The number of the oldest word in a stream's window. When the newest messages are missing, no word was taken over for
  /// them, and the window still holds words from more than its own length ago.
  private func oldestWordNumber(of stream: Int) -> UInt64 {
    (0..<wordsPerStream).reduce(.max) { oldest, index in
      let generation = unsafe word(index, of: stream).pointee.load(ordering: .relaxed) >> 32
      return min(oldest, generation * wordsPerStream + index)
    }
  }

  private func numbers(
    missingIn arrived: UInt64, word: UInt64, of stream: Int, within wanted: Range<UInt64>
  ) -> [SequenceNumber] {
    (0..<32).filter { arrived & 1 << $0 == 0 && wanted.contains(word * 32 + $0) }
      .map { SequenceNumber(stream: stream, sequence: word * 32 + $0) }
  }
}
