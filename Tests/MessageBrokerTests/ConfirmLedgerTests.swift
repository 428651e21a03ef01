import Testing

@testable import MessageBroker

@Suite struct ConfirmLedgerTests {
  /// Every refusal used to copy the list of those that wait for a report, 41 kB.
  @Test func refusalsMoveInTheRoomThatIsThere() {
    var ledger = ConfirmLedger()
    ledger.step = 1
    let pending = unsafe ledger.pendingNacks.withUnsafeBufferPointer { $0.baseAddress }
    let reported = unsafe ledger.reportedNacks.withUnsafeBufferPointer { $0.baseAddress }
    for round in 0..<1000 {
      for _ in 0...(round % 70) {
        ledger.advance()
        ledger.nack(ledger.last)
      }
      let batch = ledger.take(through: ledger.last)
      #expect(batch.nackCount == round % 70 + 1)
    }
    let pendingNow = unsafe ledger.pendingNacks.withUnsafeBufferPointer { $0.baseAddress }
    let reportedNow = unsafe ledger.reportedNacks.withUnsafeBufferPointer { $0.baseAddress }
    let areInPlace = unsafe pendingNow == pending && reportedNow == reported
    #expect(areInPlace)
  }

  @Test func refusalsAreReportedInOrderOnceAndNotTooSoon() {
    var ledger = ConfirmLedger()
    ledger.step = 1
    for sequence in [3, 1, 7, 3, 2, 9, 7] as [UInt64] { ledger.nack(sequence) }
    var batch = ledger.take(through: 7)
    #expect(batch.nackCount == 4)
    #expect(ledger.reportedNacks == [1, 2, 3, 7])
    #expect(ledger.pendingNacks == [9])
    batch = ledger.take(through: 9)
    #expect(batch.settledCount == 2)
    #expect(ledger.reportedNacks == [9])
    #expect(ledger.hasNackRoom)
  }
}
