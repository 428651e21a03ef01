import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// Calling tasks, as users of the field's task queues know it. The clock is the test's.
@Suite struct TaskApplicationTests {
  private let soon = Duration.milliseconds(1)
  /// What a keeper's wheel may be late.
  private let tick = Duration.milliseconds(5)

  @Test func delayedTasksReturnTheirResults() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.delay(Add(x: 2, y: 3))
    #expect(sum.state == .pending && !sum.isReady)
    #expect(throws: TaskResultError.self) { try sum.get(timeout: soon) }
    world.run()
    #expect(sum.state == .success && sum.isReady)
    #expect(try sum.get(timeout: soon) == 5)
    #expect(try sum.get(timeout: soon) == 5)
  }

  @Test func aCommandOrAnEventTooLargeForAMessageIsRefusedOrDropped() throws {
    let world = try ApplicationWorld { $0.sendsEvents = true }
    let text = String(repeating: "x", count: TaskEnvelope.byteCountLimit)
    #expect(throws: TaskSendError.self) {
      try world.application.control(.rateLimit(task: text, nil), timeout: .zero)
    }
    world.application.events.publish(TaskEvent(.workerOnline, hostname: text, timestamp: 0), now: 0)
    let sum = try world.application.delay(Add(x: 2, y: 3))
    world.run()
    #expect(sum.state == .success)
  }

  @Test func resultsCanBeAwaited() async throws {
    let world = try ApplicationWorld()
    let sum = try world.application.delay(Add(x: 2, y: 3))
    world.run()
    #expect(try await sum.value() == 5)
  }

  @Test func aCountdownHoldsATaskOutsideOfTheWorkers() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.apply(Add(x: 1, y: 1), ApplyOptions { $0.countdown = .seconds(10) })
    world.wait(.seconds(9))
    #expect(sum.state == .pending)
    world.wait(.seconds(1) + tick)
    #expect(try sum.get(timeout: soon) == 2)
  }

  @Test func asManyResultsMayWaitAsThereMayBeHandles() throws {
    #expect(try ApplicationWorld().transport.inboxLimits == [1_048_576])
    #expect(try ApplicationWorld { $0.resultLimit = 3_000_000 }.transport.inboxLimits == [3_000_000])
    #expect(try ApplicationWorld { $0.resultLimit = 10 }.transport.inboxLimits == [65_536])
  }

  @Test func momentsAndTimesOfDayLeadToOneAnother() throws {
    let application = try ApplicationWorld().application
    #expect(application.unixNanoseconds(at: .max) == .max && application.moment(unixNanoseconds: .min) == .min)
    let hour: Int64 = 3_600_000_000_000
    let (before, unix, after) = (
      WallClock.now(), application.unixNanoseconds(at: application.now + hour), WallClock.now()
    )
    #expect((before + hour...after + hour).contains(unix))
    // The wall clock goes on, the application's does not.
    let moment = application.moment(unixNanoseconds: unix)
    #expect(moment <= application.now + hour && moment >= application.now + hour - (WallClock.now() - before))
  }

  @Test func anEtaIsAMoment() throws {
    let world = try ApplicationWorld()
    let moment = world.application.now + 5_000_000_000
    let sum = try world.application.apply(Add(x: 1, y: 1), ApplyOptions { $0.eta = moment })
    world.wait(.seconds(4))
    #expect(!sum.isReady)
    world.wait(.seconds(1) + tick)
    #expect(sum.state == .success)
  }

  @Test func anExpiredTaskIsRevoked() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.apply(Add(x: 1, y: 1), ApplyOptions { $0.expires = .seconds(1) })
    world.wait(.seconds(2))
    #expect(sum.state == .revoked)
    guard case .revoked(let failure)? = error(of: sum) else {
      Issue.record("not revoked")
      return
    }
    #expect(failure.typeName == WorkerErrorName.expired)
  }

  @Test func aRevokedTaskDoesNotRun() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.delay(Add(x: 1, y: 1))
    world.revoke(sum.identifier)
    world.run()
    #expect(sum.state == .revoked)
  }

  @Test func aFailureArrivesWithTypeAndText() throws {
    let world = try ApplicationWorld()
    let broken = try world.application.delay(Break(text: "bad"))
    world.run()
    guard case .failed(let failure)? = error(of: broken) else {
      Issue.record("not failed")
      return
    }
    #expect(failure.typeName == "ValueError" && failure.text == "bad" && failure.task == broken.identifier)
  }

  @Test func aTaskIsTriedAgainAfterItsBackoff() throws {
    let world = try ApplicationWorld()
    let late = try world.application.delay(Break(text: "later"))
    world.run()
    #expect(!late.isReady)
    world.wait(.seconds(1) + tick)
    #expect(!late.isReady)
    world.wait(.seconds(2) + tick)
    #expect(try late.get(timeout: soon) == 2)
  }

  @Test func anUnknownTaskIsRejected() throws {
    let world = try ApplicationWorld()
    let nothing = try world.application.apply(.named("nobody"), as: Int.self)
    world.run()
    guard case .rejected(let failure)? = error(of: nothing) else {
      Issue.record("not rejected")
      return
    }
    #expect(failure.text.contains("nobody") && failure.text.contains("TaskRegistry.register"))
  }

  @Test(arguments: Serializer.allCases.filter { $0 != .raw }, Compression.allCases)
  func everySerializerAndCompressionCarriesArgumentsAndResults(
    serializer: Serializer, compression: Compression
  ) throws {
    let world = try ApplicationWorld()
    let sum = try world.application.apply(
      Add(x: 20, y: 22),
      ApplyOptions {
        $0.serializer = serializer
        $0.compression = compression
      })
    world.run()
    #expect(try sum.get(timeout: soon) == 42)
  }

  @Test func callsSayWhereAndHow() throws {
    let world = try ApplicationWorld {
      $0.queues = ["mail"]
      $0.routes = ["Plain": "plain"]
    }
    _ = try world.application.apply(
      Add(x: 1, y: 2),
      ApplyOptions {
        $0.queue = "mail"
        $0.priority = 7
        $0.headers = ["tenant": "acme"]
        $0.timeLimit = .seconds(9)
        $0.softTimeLimit = .seconds(8)
        $0.retries = 1
        $0.shadow = "sum"
      })
    let message = try #require(world.transport.broker.tasks("mail").first)
    #expect(message.priority == 7 && message.headers == ["tenant": "acme"] && message.shadow == "sum")
    #expect(message.timeLimit == 9_000_000_000 && message.softTimeLimit == 8_000_000_000 && message.retries == 1)
    #expect(message.origin == "ringside" && message.relations.root == message.identifier)
    _ = try world.application.apply(try Plain().signature(), as: Int.self)
    #expect(world.transport.broker.count("plain") == 1)
  }

  @Test func anIgnoredResultIsNotSent() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.apply(Add(x: 1, y: 1), ApplyOptions { $0.ignoreResult = true })
    world.run()
    #expect(sum.state == .pending)
  }

  @Test func aForgottenResultIsGone() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.delay(Add(x: 1, y: 1))
    world.run()
    sum.forget()
    guard case .forgotten? = error(of: sum) else {
      Issue.record("not forgotten")
      return
    }
    #expect(world.application.resultStatistics.held == 0)
  }

  /// The task's option used to have no effect.
  @Test func aResultThatNobodyFetchesInTimeIsDroppedAndItsHandleSaysSo() throws {
    let world = try ApplicationWorld { $0.resultExpires = .seconds(60) }
    let usual = try world.application.delay(Add(x: 1, y: 1))
    let brief = try world.application.delay(Brief())
    let lasting = try world.application.delay(Lasting())
    world.run()
    world.wait(.seconds(2))
    #expect(world.application.resultStatistics.expired == 1)
    guard case .expired? = error(of: brief) else {
      Issue.record("not expired")
      return
    }
    #expect(brief.state == .success && "\(TaskResultError.expired)".contains("result_expires"))
    #expect(try usual.get(timeout: soon) == 2)
    world.wait(.seconds(60))
    guard case .expired? = error(of: usual) else {
      Issue.record("not expired")
      return
    }
    // It was fetched before.
    #expect(world.application.resultStatistics.expired == 1)
    world.wait(.seconds(100_000))
    #expect(try lasting.get(timeout: soon) == 8)
  }

  @Test func resultsOfHandlesThatAreGoneAreNotKept() throws {
    let world = try ApplicationWorld()
    for _ in 0..<10 { _ = try world.application.delay(Add(x: 1, y: 1)) }
    world.run()
    #expect(world.application.resultStatistics.held == 0)
    #expect(world.application.resultStatistics.unclaimed == 10)
  }

  @Test func whatCannotBeSentSaysSo() throws {
    let world = try ApplicationWorld { $0.queueLength = 1 }
    let elsewhere = ApplyOptions { $0.queue = "nowhere" }
    #expect(throws: TaskSendError.self) { try world.application.apply(Add(x: 1, y: 1), elsewhere) }
    _ = try world.application.delay(Add(x: 1, y: 1))
    #expect(throws: TaskSendError.self) { try world.application.delay(Add(x: 1, y: 1)) }
    world.application.close()
    #expect(throws: TaskSendError.self) { try world.application.delay(Add(x: 1, y: 1)) }
  }

  private func error<Output>(of handle: TaskHandle<Output>) -> TaskResultError? {
    do {
      _ = try handle.get(timeout: soon)
      return nil
    } catch { return error }
  }
}
