import Testing

/// The search itself: it must accept what an order explains and refuse what none does.
@Suite struct HistorySearchTests {
  private typealias Call = RecordedCall<RingOperation>

  private func call(_ thread: Int, _ number: Int, _ begin: UInt64, _ end: UInt64, _ operation: RingOperation) -> Call {
    Call(thread: thread, number: number, begin: begin, end: end, operation: operation)
  }

  private func isExplained(_ calls: [Call], limit: Int = 2, order: RingModel.Order = .firstInFirstOut, isExact: Bool)
    -> Bool
  {
    var search = HistorySearch<RingModel>(calls)
    return search.isExplained(by: RingModel(limit: limit, order: order, isExact: isExact))
  }

  @Test func overlappingCallsMayTakeEffectInEitherOrder() {
    let calls = [call(0, 0, 1, 4, .pushed(1)), call(1, 0, 2, 3, .pushed(2)), call(2, 0, 5, 6, .popped(2))]
    #expect(isExplained(calls, isExact: true))
  }

  @Test func callsThatDoNotOverlapKeepTheirOrder() {
    let calls = [call(0, 0, 1, 2, .pushed(1)), call(1, 0, 3, 4, .pushed(2)), call(2, 0, 5, 6, .popped(2))]
    #expect(!isExplained(calls, isExact: true))
    #expect(isExplained(calls, order: .lastInFirstOut, isExact: true))
  }

  @Test func lostAndDoubledElementsAreFound() {
    let pushed = call(0, 0, 1, 2, .pushed(1))
    #expect(!isExplained([pushed, call(1, 0, 3, 4, .foundNothing)], isExact: false))
    #expect(!isExplained([pushed, call(1, 0, 3, 4, .popped(1)), call(2, 0, 3, 4, .popped(1))], isExact: false))
    #expect(!isExplained([pushed, call(0, 1, 3, 4, .pushed(2)), call(0, 2, 5, 6, .pushed(3))], isExact: false))
  }

  @Test func refusalsBesideAnotherCallAreExplainedOnlyWhenTheModelAllows() {
    let calls = [
      call(0, 0, 1, 2, .pushed(1)), call(1, 0, 3, 8, .pushed(2)), call(2, 0, 4, 5, .foundNothing),
      call(2, 1, 9, 10, .popped(1)),
    ]
    #expect(!isExplained(calls, isExact: true))
    #expect(isExplained(calls, isExact: false))
  }

  @Test func partsOfABatchKeepTheirOrder() {
    let calls = [
      call(0, 0, 1, 2, .pushed(1)), call(0, 1, 1, 2, .pushed(2)), call(1, 0, 1, 2, .popped(2)),
      call(1, 1, 3, 4, .popped(1)),
    ]
    #expect(!isExplained(calls, isExact: true))
  }
}
