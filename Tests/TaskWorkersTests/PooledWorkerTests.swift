import DriverInterface
import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// What a worker makes of its lanes: the test is the lane.
@Suite struct PooledWorkerTests {
  private typealias Worker = TaskWorld.Pooled<ScriptedLane>
  private let world = TaskWorld()
  private let script = LaneScript()

  private func register(_ change: @escaping (inout TaskOptions) -> Void = { _ in }) {
    world.registry.register("work", options: TaskOptions(change)) { _, _ in }
  }

  private func worker(canKill: Bool = true) -> Worker {
    world.worker(script, canKill: canKill)
  }

  private func step(_ worker: inout Worker) {
    while worker.step(limit: 10, now: world.now) > 0 {}
  }

  @Test func aTaskThatALaneHasDoneIsAnsweredAndAcknowledged() {
    for isLate in [false, true] {
      register { $0.acksLate = isLate }
      world.apply("work")
      var worker = worker()
      step(&worker)
      #expect(worker.core.endpoint.unacknowledgedCount == (isLate ? 1 : 0))
      #expect(worker.core.active.count == 1)
      script.succeed([8])
      step(&worker)
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.state) == [.success])
      #expect(outcomes.map(\.value) == [[8]])
      #expect(worker.core.endpoint.unacknowledgedCount == 0)
      #expect(worker.core.active.isEmpty == true)
    }
  }

  @Test func tasksWaitForALaneWithRoomAndNoMoreAreTaken() {
    register()
    script.depth = 1
    for _ in 0..<15 { world.apply("work") }
    var worker = worker()
    step(&worker)
    #expect(script.records.count == 1)
    #expect(worker.core.reserved.count == 9)
    #expect(world.broker.count("tasks") == 5)
    for _ in 0..<15 {
      script.succeed()
      step(&worker)
    }
    #expect(world.outcomes().count == 15)
  }

  @Test func acksLateWithRejectOnWorkerLostAsksTheLaneToRunTheTaskAgain() {
    for (isLate, isRejected, isReplayed) in [
      (false, false, false), (false, true, false), (true, false, false), (true, true, true),
    ] {
      register {
        $0.acksLate = isLate
        $0.rejectOnWorkerLost = isRejected
      }
      world.apply("work")
      var worker = worker()
      step(&worker)
      #expect(script.records.first?.order.isReplayedAfterLoss == isReplayed)
      script.succeed([], .redelivered)
      step(&worker)
      #expect(world.outcomes().map(\.isRedelivered) == [true])
    }
  }

  @Test func aTaskWhoseProcessDiedFailsAsWorkerLost() {
    register()
    world.apply("work")
    var worker = worker()
    step(&worker)
    script.complete(.workerLost)
    step(&worker)
    #expect(world.outcomes().map(\.errorType) == ["WorkerLost"])
    #expect(worker.core.counters.workersLost == 1)
  }

  @Test func aTaskThatKillsItsProcessesAgainAndAgainGoesToTheDeadLetters() {
    register { $0.acksLate = true }
    world.apply("work")
    var worker = worker()
    step(&worker)
    script.complete([.workerLost, .poisoned])
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.rejected])
    #expect(world.broker.deadLetters.count == 1)
    #expect(worker.core.counters.poisoned == 1)
  }

  private func workerOfTaskThatComesBack(redeliveryLimit: Int?) -> Worker {
    register {
      $0.acksLate = true
      $0.rejectOnWorkerLost = true
      $0.redeliveryLimit = redeliveryLimit
    }
    world.apply("work")
    return worker()
  }

  /// Those that the queue has counted included: it used to be three deaths, whatever the task said.
  @Test(arguments: [(20, 20), (0, 0), (-1, 0), (7, 7), (.max - 1, .max - 1)] as [(Int, Int)])
  func aLaneRunsATaskAgainAsOftenAsItsRedeliveryLimitAllows(limit: Int, replayLimit: Int) {
    var worker = workerOfTaskThatComesBack(redeliveryLimit: limit)
    step(&worker)
    #expect(script.records.map(\.order.isReplayedAfterLoss) == [true])
    #expect(script.records.map(\.order.replayLimit) == [replayLimit])
    // It comes back into the queue twice, once with each of two workers.
    for loss in 1...min(2, max(1, limit)) where limit > 1 {
      script.records = []
      worker = self.worker()
      step(&worker)
      #expect(script.records.map(\.order.replayLimit) == [replayLimit - loss])
    }
  }

  /// The queue decides how often, and it has to hear of each.
  @Test func withoutARedeliveryLimitWhatItsProcessDiedOfGoesBackIntoTheQueue() {
    let observer = RecordingObserver()
    var worker = workerOfTaskThatComesBack(redeliveryLimit: nil)
    worker.core.observe(observer)
    for loss in 1...30 {
      step(&worker)
      #expect(script.records.map(\.order.isReplayedAfterLoss) == [false])
      script.complete(.workerLost)
      _ = worker.step(limit: 0, now: world.now)
      #expect(world.broker.queues["tasks"]?.map(\.returnCount) == [loss])
    }
    #expect(observer.heard.suffix(2) == ["started", "given back"] && world.outcomes().isEmpty)
    step(&worker)
    script.succeed()
    step(&worker)
    #expect(world.outcomes().map(\.isRedelivered) == [true] && worker.core.counters.workersLost == 0)
  }

  @Test func limitsGoToTheLaneAndAHardOneEndsInFAILURE() {
    register {
      $0.timeLimit = .seconds(3)
      $0.softTimeLimit = .seconds(2)
    }
    world.apply("work")
    world.apply("work") { $0.timeLimit = .seconds(9) }
    var worker = worker()
    step(&worker)
    #expect(script.records.map(\.order.hardLimitNanoseconds) == [3_000_000_000, 9_000_000_000])
    #expect(script.records.first?.order.softLimitNanoseconds == 2_000_000_000)
    script.complete(.timeLimitExceeded)
    step(&worker)
    #expect(world.outcomes().map(\.errorType) == ["TimeLimitExceeded"])
    #expect(worker.core.counters.timeLimitsExceeded == 1)
  }

  @Test func limitsCanBeChangedWhileAWorkerWorks() {
    register()
    var worker = worker()
    let known = worker.core.setTimeLimits(softNanoseconds: 5, hardNanoseconds: 9, of: "work")
    world.apply("work")
    world.apply("work") { $0.softTimeLimit = .nanoseconds(7) }
    step(&worker)
    #expect(known && script.records.map(\.order.softLimitNanoseconds) == [5, 7])
    #expect(script.records.map(\.order.hardLimitNanoseconds) == [9, 9])
  }

  @Test func aHardLimitIsRefusedWhereTheLanesAreThreads() {
    register { $0.timeLimit = .seconds(3) }
    world.apply("work")
    var worker = worker(canKill: false)
    step(&worker)
    #expect(script.records.isEmpty)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.errorType) == ["TimeLimitUnsupported"])
    #expect(outcomes.first?.errorText.hasSuffix("this worker runs tasks on threads: use the processes pool") == true)
  }

  /// Killing a child would end others with it that share its threads, and not the task itself if it has left for other ones.
  @Test func aHardLimitOfAnAsynchronousTaskIsRefusedWhereverItsLanesAre() {
    world.registry.registerAsync("waits", options: TaskOptions { $0.timeLimit = .seconds(3) }) { _, _ in [] }
    for canKill in [true, false] {
      world.apply("waits")
      var worker = worker(canKill: canKill)
      step(&worker)
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.state) == [.rejected] && outcomes.map(\.errorType) == ["TimeLimitUnsupported"])
      #expect(outcomes.first?.errorText.contains("so that nobody can end it") == true)
    }
  }

  @Test func terminateEndsARunningTaskAsREVOKED() {
    register()
    let identifier = world.apply("work")
    var worker = worker()
    step(&worker)
    worker.revoke(identifier, now: world.now)
    #expect(script.terminated.isEmpty)
    worker.revoke(identifier, terminate: true, now: world.now)
    #expect(script.terminated.count == 1)
    script.complete(.terminated)
    step(&worker)
    #expect(world.outcomes().map(\.state) == [.revoked])
  }

  @Test func aTaskInALaneCanAskForAnotherAttempt() {
    for isLate in [false, true] {
      register { $0.acksLate = isLate }
      world.apply("work", [5])
      var worker = worker()
      step(&worker)
      guard let message = script.records.first?.bytes.taskMessage else { return }
      script.complete([], SeenOutcome.retry(of: message))
      step(&worker)
      let again = world.broker.tasks("tasks.eta")
      #expect(again.map(\.retries) == [1])
      #expect(again.map(\.arguments.bytes) == [[5]])
      #expect(again.map(\.replyTo) == [world.replies])
      #expect(worker.core.endpoint.unacknowledgedCount == 0)
      world.broker.queues["tasks.eta"] = []
    }
  }

  /// Processes that cannot be started must not keep the messages from others.
  @Test func whenTheLastLaneGivesUpEverythingGoesBackAndNoMoreIsTaken() {
    for isLate in [false, true] {
      register { $0.acksLate = isLate }
      let script = script
      script.stop = nil
      script.failure = nil
      script.depth = 1
      for _ in 0..<3 { world.apply("work") }
      var worker = worker()
      step(&worker)
      #expect(worker.failure == nil)
      script.complete(.notBegun)
      script.failure = "could not be started"
      step(&worker)
      #expect(worker.failure == "could not be started")
      #expect(world.broker.count("tasks") == 3)
      #expect(worker.core.endpoint.unacknowledgedCount == 0)
      world.apply("work")
      step(&worker)
      #expect(world.broker.count("tasks") == 4)
      #expect(world.outcomes().isEmpty)
      world.broker.queues["tasks"] = []
    }
  }

  @Test func aTaskThatALaneHasBegunAgainCountsAsRedelivered() {
    register {
      $0.acksLate = true
      $0.rejectOnWorkerLost = true
    }
    for _ in 0..<2 { world.apply("work") }
    var worker = worker()
    step(&worker)
    script.succeed([], .redelivered)
    script.succeed()
    step(&worker)
    #expect(worker.core.counters.redelivered == 1)
  }

  /// A lane's worker can go mad, as a child process may.
  @Test func anOutcomeOfAnotherTaskIsNone() throws {
    register()
    for _ in 0..<2 { world.apply("work") }
    var worker = worker()
    step(&worker)
    let other = try #require(script.records.last?.bytes.taskMessage)
    script.complete([], SeenOutcome.success(of: other, [8]))
    script.succeed([9])
    step(&worker)
    #expect(world.outcomes().map(\.errorType) == [WorkerErrorName.workerLost, ""])
    let (counters, attemptCount) = (worker.core.counters, worker.core.attemptCount)
    #expect(counters.malformed == 1 && attemptCount == 2)
  }

  @Test func whetherATaskIsRepeatedIsNotForItsLaneToSay() throws {
    register()
    world.apply("work")
    var worker = worker()
    step(&worker)
    let message = try #require(script.records.first?.bytes.taskMessage)
    var outcome = SeenOutcome.success(of: message, [8])
    outcome[OutcomeLayout.flags] = TaskOutcome.Flags.isRedelivered.rawValue
    script.complete([], outcome)
    step(&worker)
    #expect(world.outcomes().map(\.isRedelivered) == [false])
    #expect(worker.core.counters.redelivered == 0)
  }

  /// The moment of the step is older than the attempt's end: what comes back at once must not look as if it came too early.
  @Test func aRetryWithoutAWaitIsTakenByAWorkerWhoseClockIsBehind() {
    register { $0.defaultRetryDelay = .zero }
    world.apply("work", [5])
    var worker = worker()
    step(&worker)
    let before = world.now
    world.wait(.seconds(1))
    guard let message = script.records.first?.bytes.taskMessage else { return }
    script.complete([], SeenOutcome.retry(of: message))
    while worker.step(limit: 10, now: before) > 0 {}
    #expect(script.records.map { $0.bytes.taskMessage?.retries } == [1])
    #expect(script.records.map { $0.bytes.taskMessage?.eta } == [0])
    #expect(world.broker.count("tasks.eta") == 0)
  }

  @Test func aWarmStopDoesEverythingInHandAndTakesNoMore() {
    register()
    script.depth = 1
    for _ in 0..<3 { world.apply("work") }
    var worker = worker()
    _ = worker.step(limit: 2, now: world.now)
    worker.stop(.warm)
    for _ in 0..<2 {
      step(&worker)
      #expect(worker.isStopped == false)
      script.succeed()
    }
    step(&worker)
    #expect(worker.isStopped == true)
    #expect(world.outcomes().count == 2)
    #expect(world.broker.count("tasks") == 1)
  }

  /// Who shows what is being executed must not go on to show it.
  @Test func anObserverHearsOfEveryTaskThatItWasToldBeganHowItGoesOn() {
    register()
    for _ in 0..<3 { world.apply("work") }
    let observer = RecordingObserver()
    script.depth = 2
    var worker = worker()
    worker.core.observe(observer)
    step(&worker)
    worker.stop(.cold(killingAt: world.now + 1))
    script.succeed()
    script.complete(.notBegun)
    step(&worker)
    #expect(observer.heard == ["started", "started", "ended SUCCESS", "given back"])
  }

  @Test func aColdStopGivesBackWhatHasNotBegun() {
    for isLate in [false, true] {
      register { $0.acksLate = isLate }
      let script = script
      script.stop = nil
      script.depth = 2
      for _ in 0..<4 { world.apply("work") }
      var worker = worker()
      step(&worker)
      worker.stop(.cold(killingAt: world.now + 1))
      script.succeed()
      script.complete(.notBegun)
      step(&worker)
      #expect(worker.isStopped == true)
      #expect(world.outcomes().count == 1)
      #expect(world.broker.count("tasks") == 3)
      world.broker.queues["tasks"] = []
    }
  }

  /// The task that a child ran when it was killed.
  @Test(arguments: [true, false])
  func aColdStopGivesBackALateTaskWhoseChildItKills(isLate: Bool) {
    register { $0.acksLate = isLate }
    world.apply("work")
    var worker = worker()
    step(&worker)
    worker.stop(.cold(killingAt: world.now + 1))
    script.complete(.workerLost)
    step(&worker)
    #expect(worker.isStopped == true)
    #expect(world.broker.count("tasks") == (isLate ? 1 : 0))
    #expect(world.outcomes().map(\.errorType) == (isLate ? [] : [WorkerErrorName.workerLost]))
  }
}

/// Notes what it hears of attempts.
private final class RecordingObserver: WorkerObserver {
  var heard: [String] = []

  func taskReceived(_ envelope: TaskEnvelope, now: Int64) {}
  func taskStarted(_ envelope: TaskEnvelope, now: Int64) { heard.append("started") }
  func taskGivenBack(_ envelope: TaskEnvelope, now: Int64) { heard.append("given back") }

  func taskEnded(_ envelope: TaskEnvelope, _ outcome: TaskOutcome, runtimeNanoseconds: Int64, now: Int64) {
    heard.append("ended \(outcome.state.rawValue)")
  }

  func consequences(of message: TaskMessage, _ outcome: TaskOutcome, now: Int64) -> TaskConsequences {
    TaskConsequences()
  }
}
