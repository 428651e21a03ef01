import DriverInterface
import Platform
import Serialization
import TaskWorkers
import Testing

/// States, results and acknowledgement.
@Suite struct WorkerStateTests {
  private let world = TaskWorld()

  init() {
    world.registry.register("echo") { task, result in unsafe result.append(BorrowedBytes(task.arguments.bytes)) }
    world.registry.register("fail") { _, _ in throw TestFailure() }
  }

  @Test func aTaskThatReturnsIsSUCCESSWithItsValue() {
    let identifier = world.apply("echo", [1, 2, 3])
    var worker = world.worker()
    let done = worker.step(limit: 10, now: world.now)
    #expect(done == 1)
    let outcomes = world.outcomes()
    #expect(outcomes.count == 1)
    #expect(outcomes.first?.state == .success)
    #expect(outcomes.first?.value == [1, 2, 3])
    #expect(outcomes.first?.identifier == identifier)
    #expect(outcomes.first?.correlation == 1)
    #expect(worker.counters.succeeded == 1)
    #expect(worker.endpoint.unacknowledgedCount == 0)
  }

  @Test func aTaskThatThrowsIsFAILUREWithTheErrorsTypeAndText() {
    world.apply("fail")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcome = world.outcomes().first
    #expect(outcome?.state == .failure)
    #expect(outcome?.errorType == "TestFailure")
    #expect(outcome?.errorText == "as the test wanted")
    #expect(worker.counters.failed == 1)
    #expect(worker.counters.expectedFailures == 0)
  }

  @Test func throwsOptionCountsExpectedErrorsApart() {
    world.registry.register("fail", options: TaskOptions { $0.throws = [OtherFailure.self, TestFailure.self] }) {
      _, _ in
      throw TestFailure()
    }
    world.apply("fail")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().first?.state == .failure)
    #expect(worker.counters.expectedFailures == 1)
  }

  @Test func ignoreResultSendsNothingNotEvenAFailure() {
    world.apply("fail") { $0.ignoreResult = true }
    world.registry.register("quiet", options: TaskOptions { $0.ignoreResult = true }) { _, _ in }
    world.apply("quiet")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().isEmpty)
    #expect(worker.counters.resultsIgnored == 2)
    world.apply("quiet") { $0.ignoreResult = false }
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().count == 1)
  }

  @Test func trackStartedTellsTheWaiterWhenATaskBegins() {
    world.registry.register("tracked", options: TaskOptions { $0.trackStarted = true }) { _, _ in }
    world.apply("tracked")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.state) == [.started, .success])
  }

  @Test func anUnknownTaskIsREJECTEDAndGoesToTheDeadLetters() {
    world.apply("nobody.knows")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcome = world.outcomes().first
    #expect(outcome?.state == .rejected)
    #expect(outcome?.errorType == "NotRegistered")
    #expect(world.broker.deadLetters.count == 1)
    #expect(worker.counters.notRegistered == 1)
  }

  @Test func aContentTypeThatIsNotAcceptedIsREJECTEDAndNeverDecoded() {
    let journal = Journal()
    world.registry.register("echo") { _, _ in journal.note("decoded") }
    world.options.acceptContent = [.json]
    world.apply("echo", serializer: .yaml)
    world.apply("echo", serializer: .json)
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.state) == [.rejected, .success])
    #expect(journal.all == ["decoded"])
    #expect(world.broker.deadLetters.count == 1)
    #expect(worker.counters.contentDisallowed == 1)
  }

  @Test func aMessageThatIsNoTaskGoesToTheDeadLetters() {
    world.publish([1, 2, 3], to: "tasks")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.broker.deadLetters.count == 1)
    #expect(worker.counters.malformed == 1)
  }

  @Test func acksEarlyIsTheDefaultSoThatATaskIsDoneAtMostOnce() {
    let world = world
    let journal = Journal()
    world.registry.register("observe") { task, _ in
      // Here the worker would die: what is in the queue then comes again.
      journal.note("\(task.isRedelivered)")
    }
    world.apply("observe", [7])
    do {
      var worker = world.worker()
      _ = worker.step(limit: 1, now: world.now)
    }
    #expect(world.broker.count("tasks") == 0)
    #expect(journal.all == ["false"])
  }

  @Test func argumentsStayReadableAlthoughTheMessageIsAcknowledged() {
    for isLate in [false, true] {
      world.registry.register("echo", options: TaskOptions { $0.acksLate = isLate }) { task, result in
        unsafe result.append(BorrowedBytes(task.arguments.bytes))
      }
      world.apply("echo", [4, 5, 6])
      var worker = world.worker()
      _ = worker.step(limit: 1, now: world.now)
      #expect(world.outcomes().first?.value == [4, 5, 6])
      #expect(worker.endpoint.unacknowledgedCount == 0)
    }
  }

  /// A worker that dies with a batch: what had begun early is gone, what had not comes again, flagged, and ends with one result each.
  @Test func aWorkerThatDiesLosesNothingThatWasNotAcknowledged() {
    for isLate in [false, true] {
      world.registry.register("echo", options: TaskOptions { $0.acksLate = isLate }) { _, _ in }
      for _ in 0..<3 { world.apply("echo") }
      do {
        var worker = world.worker()
        // Taken, not begun: the thread died in between.
        let count = worker.endpoint.receive(limit: 2, now: world.now)
        #expect(count == 2)
      }
      #expect(world.broker.count("tasks") == 3)
      var worker = world.worker()
      _ = worker.step(limit: 10, now: world.now)
      let outcomes = world.outcomes()
      #expect(outcomes.map(\.state) == [.success, .success, .success])
      #expect(outcomes.map(\.isRedelivered) == [true, true, false])
      #expect(worker.counters.redelivered == 2)
    }
  }

  /// It used to be decoded.
  @Test func whatTheTasksBeforeReturnedMustBeAcceptedToo() {
    world.options.acceptContent = [.json, .cbor]
    let journal = Journal()
    world.registry.register("next") { _, _ in journal.note("ran") }
    world.registry.registerBatch("batch", limit: 3) { _ in journal.note("ran") }
    let parts: [[Serializer]] = [[.json], [.json, .cbor], [.messagepack], [.json, .plist], []]
    for task in ["next", "batch"] {
      for serializers in parts {
        var message = TaskMessage(
          task, identifier: TaskIdentifier(high: 1, low: 2), arguments: SerializedBytes([], serializer: .json))
        message.input = .group(serializers.map { TaskInput.Part(serializerCode: $0.code, bytes: [0x80]) })
        world.send(message)
        var worker = world.worker()
        while worker.step(limit: 10, now: world.now) > 0 {}
        let isAccepted = serializers.allSatisfy { $0 == .json || $0 == .cbor }
        #expect(worker.counters.contentDisallowed == (isAccepted ? 0 : 1))
        #expect(world.outcomes().map(\.errorType) == [isAccepted ? "" : "ContentDisallowed"])
      }
    }
    #expect(journal.all.count == 6 && world.broker.deadLetters.count == 4)
  }

  @Test func aPoisonousMessageIsREJECTEDAfterSoManyRedeliveries() {
    world.registry.register(
      "crash",
      options: TaskOptions {
        $0.acksLate = true
        $0.redeliveryLimit = 2
      }
    ) { _, _ in }
    world.apply("crash")
    for _ in 0..<3 {
      var worker = world.worker()
      let count = worker.endpoint.receive(limit: 1, now: world.now)
      #expect(count == 1)
    }
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcome = world.outcomes().first
    #expect(outcome?.state == .rejected)
    #expect(outcome?.errorType == "RedeliveryLimitExceeded")
    #expect(world.broker.deadLetters.count == 1)
    #expect(worker.counters.poisoned == 1)
  }

  @Test func aResultLargerThanAMessageIsAFAILURE() {
    world.registry.register("huge") { _, result in
      result.append([UInt8](repeating: 1, count: TaskEnvelope.byteCountLimit))
    }
    world.apply("huge")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().first?.errorType == "ResultTooLarge")
  }

  @Test(arguments: Compression.allCases)
  func argumentsAndResultsTravelCompressed(compression: Compression) throws {
    let content = [UInt8](repeating: 7, count: 5000)
    world.registry.register("echo", options: TaskOptions { $0.compression = compression }) { task, result in
      unsafe result.append(BorrowedBytes(task.arguments.bytes))
    }
    var packed = ByteWriter()
    var compressor = try Compressor(compression)
    try unsafe content.withUnsafeBytes { buffer in try compressor.compress(unsafe BorrowedBytes(buffer), into: &packed)
    }
    let arguments = SerializedBytes(packed.copied(), serializer: .raw, compression: compression)
    world.send(TaskMessage("echo", identifier: TaskIdentifier(high: 1, low: 1), arguments: arguments))
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let value = try #require(world.outcomes().first?.value)
    var plain = ByteWriter()
    var decompressor = try Decompressor(compression)
    try unsafe value.withUnsafeBytes { buffer in try decompressor.decompress(unsafe BorrowedBytes(buffer), into: &plain)
    }
    #expect(plain.copied() == content)
  }

  @Test func argumentsThatAreNotWhatTheirEncodingSaysAreAFAILURE() {
    let arguments = SerializedBytes([1, 2, 3], serializer: .raw, compression: .zstd)
    world.send(TaskMessage("echo", identifier: .none, arguments: arguments))
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().first?.state == .failure)
  }

  @Test func aTaskWithAHardTimeLimitIsREJECTEDWhereThereIsNoProcessToKill() {
    world.registry.register("limited", options: TaskOptions { $0.timeLimit = .seconds(1) }) { _, _ in }
    world.apply("limited")
    world.apply("echo") { $0.timeLimit = .seconds(1) }
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcomes = world.outcomes()
    #expect(outcomes.map(\.state) == [.rejected, .rejected])
    #expect(outcomes.map(\.errorType) == ["TimeLimitUnsupported", "TimeLimitUnsupported"])
    let words =
      "a hard time limit needs a process to kill, and this worker runs tasks on threads: use the processes pool"
    #expect(outcomes.map(\.errorText) == ["limited: \(words)", "echo: \(words)"])
    #expect(worker.counters.timeLimitUnsupported == 2 && worker.endpoint.unacknowledgedCount == 0)
    #expect(world.broker.deadLetters.count == 2)
  }

  @Test func anAsynchronousTaskWithAHardTimeLimitIsToldWhatToUseInstead() {
    world.registry.registerAsync("waits", options: TaskOptions { $0.timeLimit = .seconds(1) }) { _, _ in [] }
    world.apply("waits")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let outcome = world.outcomes().first
    #expect(outcome?.state == .rejected && outcome?.errorType == "TimeLimitUnsupported")
    #expect(outcome?.errorText.hasPrefix("waits: an asynchronous task runs on threads that it shares") == true)
    #expect(outcome?.errorText.contains("give it a soft time limit instead of a hard one") == true)
  }

  @Test func aHandlerSeesThatItsSoftTimeLimitIsOver() {
    let world = world
    let clock = world.clock
    world.registry.register("slow", options: TaskOptions { $0.softTimeLimit = .seconds(10) }) { task, _ in
      clock.advance(to: clock.now() + 9_999_999_999)
      try task.context.checkStop()
      clock.advance(to: clock.now() + 1)
      try task.context.checkStop()
    }
    world.apply("slow")
    world.apply("slow") { $0.softTimeLimit = .seconds(20) }
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(world.outcomes().map(\.errorType) == ["SoftTimeLimitExceeded", ""])
  }
}
