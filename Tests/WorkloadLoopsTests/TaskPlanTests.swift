import Testing
import WorkloadLoops

/// What a plan of tasks says of itself.
@Suite struct TaskPlanTests {
  private typealias Kind = WorkloadPlan.TaskPlan.Kind

  private func needsKeeper(_ changes: (inout Kind) -> Void...) -> Bool {
    WorkloadPlan.TaskPlan(
      kinds: changes.enumerated().map { number, change in
        var kind = Kind(name: "task\(number)")
        change(&kind)
        return kind
      }
    ).needsKeeper
  }

  @Test func tasksThatWaitForTheirTimeTheirRateOrTheirNextAttemptNeedAKeeper() {
    #expect(!needsKeeper({ _ in }))
    #expect(needsKeeper({ _ in }, { $0.countdownNanoseconds = 1 }))
    #expect(needsKeeper({ $0.rateLimitPerSecond = 1 }))
    #expect(!needsKeeper({ $0.retryLimit = 1 }))
    #expect(
      needsKeeper({
        $0.retryLimit = 1
        $0.retryBackoffNanoseconds = 1
      }))
  }

  /// They may fill their own queue, where only they themselves make room.
  @Test func lateTasksThatAreTriedAgainOrFollowedByOthersNeedAKeeper() {
    #expect(!needsKeeper({ $0.acknowledgesLate = true }))
    #expect(
      needsKeeper({
        $0.acknowledgesLate = true
        $0.retryLimit = 1
      }))
    #expect(needsKeeper({ $0.acknowledgesLate = true }, { $0.workflow = .chain([0, 0]) }))
    #expect(!needsKeeper({ _ in }, { $0.workflow = .chain([0, 0]) }))
  }
}
