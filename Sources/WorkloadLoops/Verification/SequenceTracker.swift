/// One consumer's side of the verification: follows runs of consecutive numbers and settles each run with the ledger.
///
/// In order from one stream, a message costs one comparison and one addition; the ledger is asked once per run. Owned by
/// the consumer's thread; `settle` before reading the counts.
@frozen
public struct SequenceTracker: ~Copyable {
  @usableFromInline let ledger: SequenceLedger
  @usableFromInline let checksOrder: Bool
  /// Where each stream belongs to one consumer, and which of them this is; else nil.
  private let owners: StreamOwners?
  private let consumer: Int
  @usableFromInline var expected: UInt64 = 0  // The word that continues the run.
  @usableFromInline var runStart: UInt64 = 0
  /// The number after the highest seen of each stream, but for the open run's.
  @usableFromInline var nextSequences: [UInt64]
  /// Runs are settled at this length at the latest, so that the ledger's window never passes them.
  @usableFromInline static var longestRun: UInt64 { @inlinable get { 8192 } }

  /// Different messages received.
  @usableFromInline var uniqueCount = 0
  /// Received twice without the redelivered flag.
  @usableFromInline var duplicatedCount = 0
  /// Received behind a later one, without the redelivered flag.
  @usableFromInline var reorderedCount = 0
  /// Numbers of streams that do not exist or do not lead here.
  @usableFromInline var strangerCount = 0
  /// Told by the subject that they will not come.
  @usableFromInline var droppedCount = 0
  /// Where violations are written down.
  @usableFromInline let findings: FindingLog

  /// A tracker that has seen nothing.
  public init(
    ledger: SequenceLedger, checksOrder: Bool, findings: FindingLog, owners: StreamOwners? = nil, consumer: Int = 0
  ) {
    self.ledger = ledger
    self.checksOrder = checksOrder
    self.findings = findings
    self.owners = owners
    self.consumer = consumer
    if owners != nil {
      // Even the very first run has to begin with a look at whose stream it is.
      expected = .max
      runStart = .max
    }
    nextSequences = Array(repeating: 0, count: ledger.streamCount)
  }

  /// Takes note of one message.
  @inlinable @inline(__always)
  public mutating func record(_ number: SequenceNumber, isRedelivered: Bool) {
    if number.word == expected, !isRedelivered, expected &- runStart < Self.longestRun {
      expected &+= 1
    } else {
      breakRun(number, isRedelivered)
    }
  }

  /// Whether `count` numbers from `first` continue the run; if so they are recorded. For batches that were compared as a whole.
  @inlinable @inline(__always)
  public mutating func recordRun(first: UInt64, count: Int) -> Bool {
    guard first == expected else { return false }
    if expected &- runStart >= Self.longestRun { settle() }
    expected &+= UInt64(truncatingIfNeeded: count)
    return true
  }

  /// The word that would continue the present run.
  @inlinable @inline(__always)
  public var expectedWord: UInt64 { expected }

  /// Brings the counts up to date.
  @usableFromInline @inline(never)
  mutating func settle() {
    guard expected != runStart else { return }
    let first = SequenceNumber(word: runStart)
    let count = expected &- runStart
    defer { runStart = expected }
    guard ledger.expects(stream: first.stream) else {
      // Only a run that began at 0, before any message was looked at closely.
      strangerCount += Int(count)
      findings.note(.corrupted, first, "and the \(count - 1) after it do not belong here")
      return
    }
    let receipt = ledger.record(stream: first.stream, first: first.sequence, count: count)
    uniqueCount += receipt.newCount
    if receipt.repeatedCount > 0, !ledger.allowsRepeats {
      duplicatedCount += receipt.repeatedCount
      findings.note(.duplicated, first, "or others of the \(count - 1) after it, \(receipt.repeatedCount) in all")
    }
    nextSequences[first.stream] = max(nextSequences[first.stream], first.sequence + count)
  }

  /// Clears the counts for a new phase; numbers go on.
  public mutating func beginPhase() {
    settle()
    uniqueCount = 0
    duplicatedCount = 0
    reorderedCount = 0
    strangerCount = 0
    droppedCount = 0
  }

  /// Takes note that the subject owned up to `count` numbers before `number`, which will not come. They count as dropped and
  /// not as lost; numbers that had arrived all the same are no drops.
  @usableFromInline @inline(never)
  mutating func recordDropped(_ count: UInt64, before number: SequenceNumber) {
    settle()
    guard ledger.expects(stream: number.stream), ledger.isPlausible(number), count <= number.sequence else { return }
    droppedCount += ledger.record(stream: number.stream, first: number.sequence - count, count: count).newCount
  }

  @usableFromInline @inline(never)
  mutating func breakRun(_ number: SequenceNumber, _ isRedelivered: Bool) {
    settle()
    guard ledger.expects(stream: number.stream), ledger.isPlausible(number) else {
      strangerCount += 1
      findings.note(.corrupted, number, "does not belong here")
      return
    }
    if let owners, !isRedelivered, !owners.claim(stream: number.stream, consumer: consumer) {
      reorderedCount += 1
      findings.note(.reordered, number, "came to another consumer than those before it")
    }
    let isBehind = number.sequence < nextSequences[number.stream]
    if isBehind || isRedelivered {
      recordOutOfTurn(number, isRedelivered: isRedelivered)
    } else {
      runStart = number.word
      expected = number.word &+ 1
    }
  }

  private mutating func recordOutOfTurn(_ number: SequenceNumber, isRedelivered: Bool) {
    let receipt = ledger.record(stream: number.stream, first: number.sequence, count: 1)
    uniqueCount += receipt.newCount
    if isRedelivered {
      // A redelivered message may have been received before, and belongs where it was: neither is a violation.
      if number.sequence >= nextSequences[number.stream] {
        nextSequences[number.stream] = number.sequence + 1
        runStart = number.word &+ 1
        expected = runStart
      }
    } else if receipt.repeatedCount > 0, !ledger.allowsRepeats {
      duplicatedCount += 1
      findings.note(.duplicated, number)
    } else if checksOrder {
      reorderedCount += 1
      findings.note(.reordered, number, "came after #\(nextSequences[number.stream] - 1)")
    }
    // Otherwise the run that was open goes on behind this message.
  }
}
