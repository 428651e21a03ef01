import Distributions
import Histograms
import Testing

@testable import WorkloadLoops

@Suite struct ConfirmWindowTests {
  @Test func isFullExactlyAtItsLimit() {
    let recorder = HistogramRecorder()
    var window = ConfirmWindow(limit: 3, confirmTime: recorder.makeWriter())
    var answers: [Bool] = []
    for published in 0..<3 {
      answers.append(window.isFull)
      window.published(now: Int64(published))
    }
    answers.append(window.isFull)
    window.update(1, now: 10)
    answers.append(window.isFull)
    #expect(answers == [false, false, false, true, false])
  }

  @Test func withoutALimitItIsOff() {
    let isOn = [0, 1].map { ConfirmWindow(limit: $0, confirmTime: HistogramRecorder().makeWriter()).isOn }
    #expect(isOn == [false, true])
  }

  /// A queue of sending times is the model; the batches overshoot the limit as a producer's may.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func timesEachConfirmFromItsOwnPublish(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let recorder = HistogramRecorder()
    var window = ConfirmWindow(limit: 50, confirmTime: recorder.makeWriter())
    var model: [Int64] = []
    var expected = LatencyHistogram()
    var confirmed: UInt64 = 0
    var reported = 0
    for step in 0..<2000 as Range<Int64> {
      if !window.isFull {
        for _ in 0..<Int.random(in: 1...300, using: &random) {
          window.published(now: step)
          model.append(step)
        }
      }
      let count = Int.random(in: 0...model.count, using: &random)
      for sent in model.prefix(count) { expected.record(step - sent) }
      model.removeFirst(count)
      confirmed += UInt64(count)
      window.update(confirmed, now: step)
      if step % 10 == 0 { reported += Int(window.takeConfirmedCount()) }
      let isFull = window.isFull
      #expect(isFull == (model.count >= 50), "seed \(seed), step \(step)")
    }
    reported += Int(window.takeConfirmedCount())
    #expect(reported == Int(confirmed))
    #expect(recorder.snapshot() == expected, "seed \(seed)")
  }
}

@Suite struct RequestTableTests {
  private struct Request { var intended, sent: Int64 }

  /// A dictionary is the model.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func behavesLikeADictionary(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var table = RequestTable(capacity: 16)
    var waiting: [UInt64: Request] = [:]
    var givenUp: Set<UInt64> = []
    var unanswered: Set<UInt64> = []
    var next: UInt64 = 1
    for step in 0..<5000 as Range<Int64> {
      let hasRoom = !waiting.keys.contains { $0 % 16 == next % 16 }
      let tableHasRoom = table.hasRoom
      #expect(tableHasRoom == hasRoom, "seed \(seed), step \(step)")
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5 where hasRoom:
        let correlation = table.next
        #expect(correlation == next)
        table.sent(intended: step - 3, at: step)
        waiting[next] = Request(intended: step - 3, sent: step)
        next += 1
        if Int.random(in: 0..<8, using: &random) == 0 {
          table.withdrawLast()
          next -= 1
          waiting[next] = nil
        }
      case 5..<9:
        let correlation = next &- .random(in: 0...20, using: &random)
        let answer = table.answered(correlation)
        let expected = waiting.removeValue(forKey: correlation)
        #expect(answer?.intended == expected?.intended, "seed \(seed), step \(step)")
        #expect(answer?.sent == expected?.sent)
        if expected == nil {
          let isLate = table.answeredLate(correlation)
          let wasUnanswered = unanswered.remove(correlation) != nil
          #expect(isLate == wasUnanswered, "seed \(seed), step \(step)")
        }
      default:
        let deadline = step - .random(in: 0..<60, using: &random)
        let late = waiting.filter { $0.value.sent < deadline }
        // A slot remembers one.
        let forgotten = unanswered.filter { old in late.keys.contains { $0 % 16 == old % 16 } }
        var named: Set<UInt64> = []
        let count = table.giveUp(sentBefore: deadline) { named.insert($0) }
        #expect(count == late.count, "seed \(seed), step \(step)")
        #expect(named == forgotten, "seed \(seed), step \(step)")
        unanswered.subtract(forgotten)
        unanswered.formUnion(late.keys)
        for correlation in late.keys {
          waiting[correlation] = nil
          givenUp.insert(correlation)
        }
      }
      let outstanding = table.outstandingCount
      #expect(outstanding == waiting.count, "seed \(seed), step \(step)")
      let unansweredCount = table.unansweredCount
      #expect(unansweredCount == unanswered.count, "seed \(seed), step \(step)")
    }
    #expect(!givenUp.isEmpty)
    var named: [UInt64] = []
    table.forgetUnanswered { named.append($0) }
    #expect(named == unanswered.sorted())
  }

  @Test func zeroIsNobodysCorrelation() {
    var table = RequestTable(capacity: 4)
    let answer = table.answered(0)
    #expect(answer == nil)
    let isLate = table.answeredLate(0)
    #expect(!isLate)
  }

  @Test func requestThatWasGivenUpIsAnsweredLateOnce() {
    var table = RequestTable(capacity: 4)
    table.sent(intended: 0, at: 0)
    table.sent(intended: 0, at: 5)
    let count = table.giveUp(sentBefore: 3) { #expect($0 == 1) }
    #expect(count == 1)
    let inTime = table.answered(1)
    #expect(inTime == nil)
    let answers = [table.answeredLate(1), table.answeredLate(1), table.answeredLate(2)]
    #expect(answers == [true, false, false])
  }
}
