import Distributions
import Testing

@testable import TaskWorkers

@Suite struct ChordLedgerTests {
  private func part(_ byte: UInt8) -> TaskInput.Part { TaskInput.Part(serializerCode: 1, bytes: [byte]) }
  private let chord = TaskIdentifier(high: 1, low: 2)
  private let member = TaskIdentifier(high: 3, low: 4)

  /// Every order in which the members of small chords can end, each member up to twice.
  @Test func sendsTheBodyOnceWithResultsInMembersOrderWhateverTheOrderOfEnds() {
    for size in 1...3 {
      for code in 0..<Int(pow(size, 2 * size)) {
        var ledger = ChordLedger()
        var seen: Set<Int> = []
        var completions: [[UInt8]] = []
        var rest = code
        for _ in 0..<(2 * size) {
          let index = rest % size
          rest /= size
          let step = ledger.succeed(chord, index: index, of: size, result: part(UInt8(index)), now: 0)
          let isNew = seen.insert(index).inserted
          switch step {
          case .complete(let parts): completions.append(parts.map { $0.bytes[0] })
          case .waiting: #expect(isNew && seen.count < size)
          case .repeated: #expect(!isNew)
          case .failed(let failure): Issue.record("\(failure)")
          }
        }
        let expected: [[UInt8]] = seen.count == size ? [(0..<size).map(UInt8.init)] : []
        #expect(completions == expected, "size \(size), order \(code)")
      }
    }
  }

  /// What a message says costs nothing by itself: memory for 2^60 results there is none.
  @Test func aChordThatClaimsToBeHugeCostsWhatItsMembersCost() {
    var ledger = ChordLedger()
    #expect(ledger.succeed(chord, index: 5, of: 1 << 60, result: part(1), now: 0) == .waiting)
    #expect(ledger.succeed(chord, index: 5, of: 1 << 60, result: part(1), now: 0) == .repeated)
  }

  private func part(byteCount: Int) -> TaskInput.Part {
    TaskInput.Part(serializerCode: 1, bytes: [UInt8](repeating: 0, count: byteCount - ChordLedger.entryByteCount))
  }

  /// They used to be kept whatever their size.
  @Test func theChordWhoseResultFindsNoRoomFailsAndTheOthersGoOn() {
    var limits = ChordLedger.Limits()
    limits.byteCount = 1000
    var ledger = ChordLedger(limits: limits)
    let other = TaskIdentifier(high: 9, low: 9)
    #expect(ledger.succeed(chord, index: 0, of: 3, result: part(byteCount: 400), now: 0) == .waiting)
    #expect(ledger.succeed(other, index: 0, of: 2, result: part(byteCount: 600), now: 0) == .waiting)
    let failed = ledger.succeed(chord, index: 1, of: 3, result: part(byteCount: 64), now: 0)
    #expect(
      failed == .failed(ChordFailure(reason: "the bodies and results of open chords take up more than 1000 bytes")))
    #expect(ledger.overflowCount == 1 && ledger.byteCount == 600 && ledger.openCount == 1)
    #expect(ledger.succeed(chord, index: 2, of: 3, result: part(byteCount: 64), now: 0) == .repeated)
    // The last result does not wait.
    let last = part(byteCount: 5000)
    #expect(
      ledger.succeed(other, index: 1, of: 2, result: last, now: 0) == .complete([part(byteCount: 600), last]))
    #expect(ledger.byteCount == 0)
  }

  /// They used not to count: a thousand chords with bodies of a megabyte each took up a gigabyte.
  @Test func theBodyCountsFromTheFirstResultOnOnceAndAsLongAsTheChordIsOpen() {
    var limits = ChordLedger.Limits()
    limits.byteCount = 1000
    var ledger = ChordLedger(limits: limits)
    let other = TaskIdentifier(high: 9, low: 9)
    for index in 0..<3 {
      let step = ledger.succeed(
        chord, index: index, of: 4, result: part(byteCount: 100), bodyByteCount: 300, now: 0)
      #expect(step == .waiting && ledger.byteCount == 400 + 100 * index)
    }
    let failed = ledger.succeed(other, index: 0, of: 2, result: part(byteCount: 100), bodyByteCount: 301, now: 0)
    #expect(
      failed == .failed(ChordFailure(reason: "the bodies and results of open chords take up more than 1000 bytes")))
    #expect(ledger.overflowCount == 1 && ledger.byteCount == 600)
    // Of a chord with one member nothing waits.
    let alone = ledger.succeed(member, index: 0, of: 1, result: part(0), bodyByteCount: 1 << 40, now: 0)
    #expect(alone == .complete([part(0)]) && ledger.byteCount == 600)
    _ = ledger.succeed(chord, index: 3, of: 4, result: part(byteCount: 100), bodyByteCount: 300, now: 0)
    #expect(ledger.byteCount == 0 && ledger.openCount == 0)
  }

  /// The sum of what waits is the model.
  @Test(arguments: [1, 2, 3] as [UInt64]) func countsTheBytesThatWait(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var limits = ChordLedger.Limits()
    (limits.byteCount, limits.lifetimeNanoseconds, limits.closedCount) = (1500, 40, 4)
    let body = { (chord: TaskIdentifier) in Int(chord.low % 5) * 40 }
    var ledger = ChordLedger(limits: limits)
    var waiting: [TaskIdentifier: Int] = [:]
    for now in 0..<4000 as Range<Int64> {
      let chord = TaskIdentifier(high: 4, low: UInt64(now / 16) + random.next() % 3)
      let byteCount = 64 + random.below(600)
      let step =
        random.below(20) == 0
        ? ledger.fail(chord, index: random.below(4), member: member, reason: "bad", now: now)
        : ledger.succeed(
          chord, index: random.below(4), of: 4, result: part(byteCount: byteCount), bodyByteCount: body(chord), now: now
        )
      switch step {
      case .waiting: waiting[chord, default: body(chord)] += byteCount
      case .complete, .failed: waiting[chord] = nil
      case .repeated: break
      }
      for expired in ledger.expire(now: now) { waiting[expired] = nil }
      let isRight = ledger.byteCount == waiting.values.reduce(0, +) && ledger.openCount == waiting.count
      guard isRight, ledger.byteCount <= 1500 else {
        Issue.record("seed \(seed), step \(now): \(ledger.byteCount) bytes, \(waiting)")
        return
      }
    }
    #expect(ledger.overflowCount > 0 && ledger.expiredCount > 0)
  }

  @Test func aFailedMemberFailsTheChordOnceAndForGood() {
    var ledger = ChordLedger()
    #expect(ledger.succeed(chord, index: 0, of: 3, result: part(0), now: 0) == .waiting)
    let failed = ledger.fail(chord, index: 1, member: member, reason: "ValueError: bad", now: 0)
    #expect(failed == .failed(ChordFailure(reason: "dependency \(member) raised ValueError: bad")))
    #expect(ledger.fail(chord, index: 1, member: member, reason: "ValueError: bad", now: 0) == .repeated)
    #expect(ledger.succeed(chord, index: 1, of: 3, result: part(1), now: 0) == .repeated)
    #expect(ledger.succeed(chord, index: 2, of: 3, result: part(2), now: 0) == .repeated)
    #expect(ledger.openCount == 0)
  }

  /// It came again because its acknowledgement was lost, and then failed.
  @Test func aMemberThatSucceededBeforeDoesNotFailTheChordAnyMore() {
    var ledger = ChordLedger()
    #expect(ledger.succeed(chord, index: 0, of: 2, result: part(7), now: 0) == .waiting)
    #expect(ledger.fail(chord, index: 0, member: member, reason: "ValueError: bad", now: 0) == .repeated)
    #expect(ledger.succeed(chord, index: 1, of: 2, result: part(8), now: 0) == .complete([part(7), part(8)]))
  }

  @Test func aChordWhoseMembersStayAwayIsGivenUpAndNamed() {
    var limits = ChordLedger.Limits()
    limits.lifetimeNanoseconds = 100
    var ledger = ChordLedger(limits: limits)
    _ = ledger.succeed(chord, index: 0, of: 2, result: part(0), now: 10)
    #expect(ledger.expire(now: 109) == [])
    #expect(ledger.expire(now: 110) == [chord])
    #expect(ledger.succeed(chord, index: 1, of: 2, result: part(1), now: 111) == .repeated)
    #expect(ledger.expiredCount == 1)
  }

  @Test func moreChordsThanTheLimitFailAtOnceAndAreCounted() {
    var limits = ChordLedger.Limits()
    limits.openCount = 1
    var ledger = ChordLedger(limits: limits)
    _ = ledger.succeed(chord, index: 0, of: 2, result: part(0), now: 0)
    guard case .failed = ledger.succeed(member, index: 0, of: 2, result: part(0), now: 0) else {
      Issue.record("the second chord was taken")
      return
    }
    #expect(ledger.refusedCount == 1)
    #expect(ledger.succeed(chord, index: 1, of: 2, result: part(1), now: 0) == .complete([part(0), part(1)]))
  }

  @Test func membersThatContradictTheirChordChangeNothing() {
    var ledger = ChordLedger()
    _ = ledger.succeed(chord, index: 0, of: 2, result: part(0), now: 0)
    for (index, size) in [(-1, 2), (2, 2), (5, 9), (0, 0)] {
      #expect(ledger.succeed(chord, index: index, of: size, result: part(7), now: 0) == .repeated)
    }
    #expect(ledger.succeed(chord, index: 1, of: 2, result: part(1), now: 0) == .complete([part(0), part(1)]))
  }

  @Test func memoryDoesNotGrowWithTheNumberOfFinishedChords() {
    var limits = ChordLedger.Limits()
    limits.closedCount = 4
    var ledger = ChordLedger(limits: limits)
    for number in 0..<10_000 as Range<UInt64> {
      let identifier = TaskIdentifier(high: 9, low: number)
      #expect(ledger.succeed(identifier, index: 0, of: 1, result: part(0), now: 0) == .complete([part(0)]))
    }
    #expect(ledger.rememberedCount <= 4 + 64 + 1)
  }

  private func pow(_ base: Int, _ exponent: Int) -> Int { (0..<exponent).reduce(1) { product, _ in product * base } }
}
