import Platform

extension SequenceLedger {
  /// How much memory a ledger takes.
  public static func byteCount(streamCount: Int, underWayLimit: Int) -> Int {
    streamCount * Int(windowCount(streamCount: streamCount, underWayLimit: underWayLimit)) / 4
  }

  /// Twice what is under way, at least 64 Ki, but with many streams no more than 8 MiB for all.
  static func windowCount(streamCount: Int, underWayLimit: Int) -> UInt64 {
    precondition(streamCount > 0 && underWayLimit > 0, "a ledger needs a stream and a message")
    var window: UInt64 = 65536
    while window < 2 * UInt64(underWayLimit) { window *= 2 }
    while window > 1024, UInt64(streamCount) * window / 4 > 8 << 20 { window /= 2 }
    return window
  }

  /// A word of 32 numbers of which some had not arrived when it was taken over.
  public struct LeftBehind: Hashable, Sendable {
    /// The numbers' stream.
    public var stream: Int
    /// The first number divided by 32.
    public var wordNumber: UInt64

    /// Names a word.
    public init(stream: Int, wordNumber: UInt64) {
      self.stream = stream
      self.wordNumber = wordNumber
    }
  }

  /// The words that were taken over while they missed numbers, with a bit for each number that has arrived: what another
  /// view of the same memory needs besides it. Only while nobody records.
  public var entriesLeftBehind: [LeftBehind: UInt64] {
    get { leftBehind.withLock { $0 } }
    set { leftBehind.withLock { $0 = newValue } }
  }
}
