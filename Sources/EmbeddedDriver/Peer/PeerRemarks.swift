import WorkloadLoops

/// What the far end found in a phase and what does not lie in the shared memory, because it has no limit or is rare.
struct PeerRemarks: Equatable {
  /// By consumer: the violations.
  var findings: [[Finding]]
  /// By ledger: what was left behind.
  var leftBehind: [[SequenceLedger.LeftBehind: UInt64]]

  /// What workers and their ledgers have found.
  init(_ workers: [any LoadWorker], _ ledgers: [SequenceLedger]) {
    findings = workers.map(\.meters.findings.findings)
    leftBehind = ledgers.map(\.entriesLeftBehind)
  }

  /// Hands it over to the near end's view of the same workers and ledgers.
  func apply(to meters: [WorkerMeters], _ ledgers: [SequenceLedger]) {
    for (meters, findings) in zip(meters, findings) {
      for finding in findings { meters.findings.note(finding.kind, finding.number, finding.words) }
    }
    for (ledger, entries) in zip(ledgers, leftBehind) { ledger.entriesLeftBehind = entries }
  }

  func append(to words: inout PeerWords) {
    words.append(UInt64(findings.count))
    for findings in findings {
      words.append(UInt64(findings.count))
      for finding in findings {
        words.append(text: finding.kind.rawValue)
        words.append(finding.number == nil ? 0 : 1)
        words.append(finding.number?.word ?? 0)
        words.append(text: finding.words)
      }
    }
    words.append(UInt64(leftBehind.count))
    for entries in leftBehind {
      words.append(UInt64(entries.count))
      for (place, arrived) in entries {
        words.append(UInt64(place.stream))
        words.append(place.wordNumber)
        words.append(arrived)
      }
    }
  }

  init(from words: inout PeerWords) throws(PeerMessageError) {
    findings = []
    for _ in 0..<(try words.count()) {
      var ofConsumer: [Finding] = []
      for _ in 0..<(try words.count()) { ofConsumer.append(try Self.finding(from: &words)) }
      findings.append(ofConsumer)
    }
    leftBehind = []
    for _ in 0..<(try words.count()) {
      var entries: [SequenceLedger.LeftBehind: UInt64] = [:]
      for _ in 0..<(try words.count()) {
        let place = SequenceLedger.LeftBehind(
          stream: Int(truncatingIfNeeded: try words.word()), wordNumber: try words.word())
        entries[place] = try words.word()
      }
      leftBehind.append(entries)
    }
  }

  private static func finding(from words: inout PeerWords) throws(PeerMessageError) -> Finding {
    guard let kind = Finding.Kind(rawValue: try words.text()) else { throw PeerMessageError() }
    let hasNumber = try words.word() != 0
    let number = SequenceNumber(word: try words.word())
    return Finding(kind: kind, number: hasNumber ? number : nil, words: try words.text())
  }
}
