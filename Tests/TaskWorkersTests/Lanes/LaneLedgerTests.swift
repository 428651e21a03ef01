import Distributions
import Testing

@testable import TaskWorkers

@Suite struct LaneLedgerTests {
  private func ledger(_ order: LaneOrder, lossCount: Int32) -> LaneLedger {
    var ledger = LaneLedger(limit: 2)
    _ = ledger.append(order)
    ledger.first.lossCount = lossCount
    return ledger
  }

  /// An array is the model.
  @Test(arguments: [1, 2, 3, 5, 8])
  func behavesLikeAQueue(limit: Int) {
    var random = SplitMix64(seed: UInt64(limit))
    var ledger = LaneLedger(limit: limit)
    var model: [UInt64] = []
    var added: UInt64 = 0
    for step in 0..<2_000 {
      if random.below(2) == 0 {
        #expect(ledger.isFull == (model.count == limit), "limit \(limit), step \(step)")
        guard !ledger.isFull else { continue }
        let sequence = ledger.append(LaneOrder(ticket: added * 7))
        model.append(added * 7)
        added += 1
        #expect(sequence == added)
      } else if !model.isEmpty {
        let entry = ledger.removeFirst()
        #expect(entry.order.ticket == model.removeFirst(), "limit \(limit), step \(step)")
      }
      #expect(ledger.count == model.count && ledger.head == added + 1 - UInt64(model.count))
      let unknown = ledger.markUnwanted(ticket: 3)
      #expect(!unknown)
    }
  }

  @Test func aRecordThatWasNotBegunIsUntouchedByADeath() {
    for begun in [0, 2] as [UInt64] {
      var ledger = ledger(LaneOrder(ticket: 1), lossCount: 0)
      let aftermath = ledger.settle(after: RunningMark(running: begun), sentence: nil, mayReplay: true)
      #expect(aftermath == .untouched && ledger.first.lossCount == 0)
    }
    var empty = LaneLedger(limit: 1)
    let aftermath = empty.settle(after: RunningMark(running: 1), sentence: nil, mayReplay: true)
    #expect(aftermath == .untouched)
  }

  /// Every combination of what matters; the mark may say running, finished or condemned.
  @Test func aRecordThatWasBegunIsReplayedOrGivenBackAsItsOrderSays() {
    let running = RunningMark(running: 1)
    for mark in [running, running.finished, running.condemned] {
      for lossCount in 0..<3 as Range<Int32> {
        let again: LaneRemarks = lossCount > 0 ? .redelivered : []
        for mayReplay in [false, true] {
          func after(_ replays: Bool, _ sentence: LaneRemarks?) -> LaneLedger.Aftermath {
            let order = LaneOrder(ticket: 1, isReplayedAfterLoss: replays, replayLimit: 2)
            var ledger = ledger(order, lossCount: lossCount)
            return ledger.settle(after: mark, sentence: sentence, mayReplay: mayReplay)
          }
          #expect(after(false, nil) == .given(again.union(.workerLost)))
          let poisoned = LaneLedger.Aftermath.given(again.union([.workerLost, .poisoned]))
          let lost = LaneLedger.Aftermath.given(again.union(.workerLost))
          #expect(after(true, nil) == (mayReplay ? (lossCount < 2 ? .replayed : poisoned) : lost))
          #expect(after(true, .timeLimitExceeded) == .given(again.union(.timeLimitExceeded)))
          #expect(after(false, .terminated) == .given(again.union(.terminated)))
        }
      }
    }
  }

  /// From never, where the first loss is one too many, to for ever.
  @Test(arguments: [0, 1, 5, 1000, .max])
  func aRecordIsReplayedAsOftenAsItsOrderAllows(limit: Int) {
    var ledger = ledger(LaneOrder(ticket: 1, isReplayedAfterLoss: true, replayLimit: limit), lossCount: 0)
    var replayCount = 0
    while replayCount < 2000,
      ledger.settle(after: RunningMark(running: 1), sentence: nil, mayReplay: true) == .replayed
    { replayCount += 1 }
    #expect(replayCount == min(limit, 2000))
  }

  @Test func anUnwantedRecordIsNotReplayed() {
    var ledger = ledger(LaneOrder(ticket: 9, isReplayedAfterLoss: true), lossCount: 0)
    let isMarked = ledger.markUnwanted(ticket: 9)
    let aftermath = ledger.settle(after: RunningMark(running: 1), sentence: nil, mayReplay: true)
    #expect(isMarked && aftermath == .given(.terminated))
  }

  @Test func marksKeepTheirSequenceNumber() {
    for sequence in [1, 2, 1 << 40] as [UInt64] {
      let mark = RunningMark(running: sequence)
      #expect(mark.isRunning && !mark.finished.isRunning && !mark.condemned.isRunning)
      #expect([mark, mark.finished, mark.condemned].allSatisfy { $0.sequence == sequence })
      #expect(mark.finished != mark.condemned)
    }
  }
}
