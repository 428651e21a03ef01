import WorkloadLoops

/// The violations of one phase by message: what the workers noted, and which numbers never arrived.
struct PhaseViolations {
  /// A message that never arrived, with the queue or ring that lacks it.
  struct Missing {
    var number: SequenceNumber
    var place: String
  }

  /// Examples of each kind in a result.
  static let exampleLimit = 8

  let findings: [(worker: String, finding: Finding)]
  /// Those that never arrived at all.
  let missing: [Missing]
  /// Missing ones that did arrive, but damaged: they still tell which they are.
  let damagedCount: Int
  private let streamNames: [String]

  /// - Parameters:
  ///   - acceptedBefore: By stream: where the phase began, so that what an earlier one lost is not named again.
  ///   - looksForMissing: Whether anything is lost; numbers that are merely on their way are not.
  init(workerSet: WorkerSet, acceptedBefore: [UInt64], looksForMissing: Bool) {
    let noted = WorkerTotals(workerSet.workers).findings
    streamNames = workerSet.board.names
    let ledgers = looksForMissing ? workerSet.ledgers : []
    let absent = ledgers.flatMap { ledger in
      ledger.streams.flatMap { stream in
        ledger.missing(
          stream: stream, from: acceptedBefore[stream], acceptedCount: workerSet.board.acceptedCount(ofStream: stream),
          limit: FindingLog.limit
        ).map { Missing(number: $0, place: ledger.name) }
      }
    }
    // One damaged message stands for one place that lacks it: the others have lost theirs.
    var damaged: [UInt64: Int] = [:]
    for finding in noted.lazy.map(\.finding) where finding.kind == .corrupted {
      if let number = finding.number { damaged[number.word, default: 0] += 1 }
    }
    func isDamaged(_ number: SequenceNumber?) -> Bool {
      guard let number, let count = damaged[number.word], count > 0 else { return false }
      damaged[number.word] = count - 1
      return true
    }
    // A request that was damaged on its way is never answered.
    findings = noted.filter { !($0.finding.kind == .lost && isDamaged($0.finding.number)) }
    missing = absent.filter { !isDamaged($0.number) }
    damagedCount = noted.count - findings.count + absent.count - missing.count
  }

  /// The first few of each kind, in words.
  var examples: [String] {
    var examples: [String] = []
    for kind in Finding.Kind.allCases {
      let noted = findings.filter { $0.finding.kind == kind }.prefix(Self.exampleLimit)
      examples += noted.map { "\($0.finding.text(streamNames: streamNames)) (\($0.worker))" }
      if kind == .lost {
        examples += missing.prefix(Self.exampleLimit - noted.count).map { missing in
          Finding(kind: .lost, number: missing.number, words: "never arrived in \(missing.place)")
            .text(streamNames: streamNames)
        }
      }
    }
    return examples
  }

  /// The messages that are wrong in this way.
  func numbers(_ kind: Finding.Kind) -> Set<UInt64> {
    let noted = findings.lazy.filter { $0.finding.kind == kind }.compactMap { $0.finding.number?.word }
    return Set(noted).union(kind == .lost ? missing.map(\.number.word) : [])
  }

  /// A message's name.
  func name(of number: SequenceNumber) -> String { number.text(streamNames: streamNames) }
}
