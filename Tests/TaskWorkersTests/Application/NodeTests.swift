import DriverInterface
import Platform
import Serialization
import Testing

@testable import TaskWorkers

/// What a node makes of its seats, which do nothing but note what is asked of them.
@Suite(.timeLimit(.minutes(1))) struct NodeTests {
  private let transport = IdleTransport()

  private func node(
    _ change: (inout WorkerNodeOptions) -> Void = { _ in }, application settings: ApplicationSettings = .init()
  ) throws -> (TaskApplication, WorkerNode) {
    var registry = TaskRegistry()
    registry.register("work") { _, _ in }
    let application = try TaskApplication(
      registry, transport, MonotonicClockTime(), settings, drive: { _ in nil })
    return (application, try WorkerNode(application, WorkerNodeOptions(change)))
  }

  private func tell(_ node: WorkerNode, _ command: ControlCommand) {
    node.answer(ControlRequest(command, destination: []))
  }

  @Test func fewerThreadsAndAnotherQueueLeaveEachQueueItsKeeper() throws {
    let (_, node) = try node { $0.concurrency = 3 }
    #expect(transport.keepers == ["tasks"])
    tell(node, .poolShrink(2))
    tell(node, .addConsumer(queue: "more"))
    #expect(transport.keepers == ["tasks", "more"])
    tell(node, .cancelConsumer(queue: "more"))
    #expect(node.state.withLock { $0.members.filter { $0.observer == nil }.count } == 2)
    tell(node, .addConsumer(queue: "more"))
    #expect(transport.keepers == ["tasks", "more"], "it is there already")
    node.shutdown()
  }

  @Test func aThreadThatComesLaterKnowsWhatWasRevokedBefore() throws {
    let (_, node) = try node()
    let task = TaskIdentifier(high: 1, low: 2)
    tell(node, .revoke([task], terminate: false))
    #expect(node.revoked() == [task])
    while !transport.seats[0].told.all.contains("revoke \(task)") { spinHint() }
    tell(node, .poolGrow(1))
    let later = transport.seats[1]
    while !later.told.all.contains("revoke \(task)") { spinHint() }
    node.shutdown()
  }

  @Test func disablingTheEventsOfANodeLeavesThoseOfOthers() throws {
    let (application, first) = try node(application: ApplicationSettings { $0.sendsEvents = true })
    let second = try WorkerNode(application, WorkerNodeOptions())
    tell(first, .disableEvents)
    #expect(!first.events.isOn && second.events.isOn && application.events.isOn)
    tell(second, .disableEvents)
    #expect(!second.events.isOn && !application.events.isOn, "nobody is left who wants to hear what is sent")
    tell(first, .enableEvents)
    #expect(first.events.isOn && !second.events.isOn && application.events.isOn)
    first.shutdown()
    #expect(application.events.isOn, "as it was set up")
    second.shutdown()
  }

  @Test func aNodeThatEndsTakesTheEventsWithItThatItWasToldToPublish() throws {
    let (application, node) = try node()
    #expect(!application.events.isOn)
    tell(node, .enableEvents)
    #expect(application.events.isOn)
    node.shutdown()
    #expect(!application.events.isOn)
  }

  @Test func theStatisticsTellHowManyTasksANodeMayHold() throws {
    let (_, node) = try node {
      $0.concurrency = 3
      $0.prefetchMultiplier = 20
    }
    #expect(node.statistics.prefetchCount == 60)
    node.shutdown()
  }

  /// All nodes used to draw the same waits, so that what had failed together was tried again together.
  @Test func theJitterOfNoTwoThreadsIsTheSame() throws {
    let settings = ApplicationSettings { $0.seed = 3 }
    let (application, first) = try node({ $0.concurrency = 2 }, application: settings)
    let second = try WorkerNode(application, WorkerNodeOptions { $0.name = "worker2" })
    #expect(Set(transport.seeds).count == 3)
    let again = try WorkerNode(application, WorkerNodeOptions())
    #expect(transport.seeds.last == transport.seeds.first, "a seed of the application repeats everything")
    let (_, other) = try node()
    #expect(!transport.seeds.dropLast().contains(transport.seeds.last ?? 0))
    for node in [first, second, again, other] { node.shutdown() }
  }

  @Test func optionsThatNoNodeCanHaveAreRefused() {
    let changes: [(inout WorkerNodeOptions) -> Void] = [
      { $0.concurrency = 0 }, { $0.concurrency = -1 }, { $0.concurrency = .max }, { $0.prefetchMultiplier = -1 },
      { $0.maxTasksPerChild = 0 }, { $0.tasksAheadPerChild = -1 },
    ]
    for change in changes {
      let error = #expect(throws: DriverError.self) { _ = try node(change) }
      #expect(error?.message.contains("worker1") == true && error?.message.contains("got") == true)
    }
  }

  /// As in the field. Nothing used to be taken at all.
  @Test func aPrefetchMultiplierOfNoneIsWithoutALimitOfItsOwn() throws {
    let (_, node) = try node { $0.prefetchMultiplier = 0 }
    #expect(node.statistics.prefetchCount == 65_535 && transport.heldLimits == [16_383])
    node.shutdown()
    let (_, large) = try self.node {
      $0.prefetchMultiplier = .max
      $0.concurrency = 3
    }
    #expect(large.statistics.prefetchCount == 3 * 65_535)
    large.shutdown()
  }

  @Test func aQuarterOfWhatAThreadMayHoldWaitsForRateLimits() throws {
    let (_, node) = try node { $0.prefetchMultiplier = 20 }
    #expect(transport.heldLimits == [5])
    node.shutdown()
  }

  /// However many threads and queues it has, now or later.
  @Test func allThreadsOfANodeKeepItsRateLimitsTogetherAndNoOthers() throws {
    let (_, first) = try node { $0.concurrency = 2 }
    tell(first, .poolGrow(1))
    tell(first, .addConsumer(queue: "more"))
    let (_, second) = try node()
    #expect(transport.rateLimits.count == 7 && Set(transport.rateLimits.dropLast()).count == 1)
    #expect(transport.rateLimits.allSatisfy { $0 != nil } && transport.rateLimits.last != transport.rateLimits.first)
    first.shutdown()
    second.shutdown()
  }

  @Test func workersAcceptWhatTheirNodeAcceptsOrElseTheirApplication() throws {
    let settings = ApplicationSettings { $0.acceptContent = [.json, .cbor] }
    let (_, first) = try node(application: settings)
    let (_, second) = try node({ $0.acceptContent = [.messagepack] }, application: settings)
    #expect(transport.acceptedContents == [[.json, .cbor], [.messagepack]])
    #expect(first.state.withLock { $0.desk.configuration["accept_content"] } == "application/cbor, application/json")
    #expect(second.state.withLock { $0.desk.configuration["accept_content"] } == "application/x-msgpack")
    first.shutdown()
    second.shutdown()
  }

  /// Seats sleep without limit here: whoever asks them something has to wake them.
  @Test func aSleepingThreadHearsWhatItIsAskedAtOnce() throws {
    let seat = IdleSeat()
    let thread = SeatThread(queue: "tasks")
    try thread.start(name: "seat", seat: seat, limit: 1, time: MonotonicClockTime())
    for number in 0..<200 {
      let task = TaskIdentifier(high: 1, low: UInt64(number))
      thread.ask(.revoke([task], terminate: false))
      while !seat.told.all.contains("revoke \(task)") { spinHint() }
    }
    thread.end()
    thread.join()
    #expect(thread.isOver && seat.told.all.last == "drained warm")
  }

  @Test func aThreadSaysNothingNewOfASeatThatDoesNothing() throws {
    let seat = IdleSeat()
    let thread = SeatThread(queue: "tasks")
    try thread.start(name: "seat", seat: seat, limit: 1, time: MonotonicClockTime())
    thread.ask(.noticeRateLimit(task: "work"))
    while !seat.told.all.contains("limit work") { spinHint() }
    for _ in 0..<100 { seat.bell.ring() }
    thread.end()
    thread.join()
    // Once at the start, once for the request, once at the end.
    #expect(seat.reportCount == 3)
  }

  /// As if it had not been asked: the next one is not told that the queue is consumed already.
  @Test func aCommandThatFailsChangesNothing() throws {
    let (_, node) = try node()
    transport.refusesWorkers = true
    tell(node, .addConsumer(queue: "more"))
    tell(node, .poolGrow(2))
    let desk = node.state.withLock { $0.desk }
    #expect(desk.queues == ["tasks"] && desk.concurrency == 1)
    transport.refusesWorkers = false
    tell(node, .addConsumer(queue: "more"))
    #expect(transport.keepers == ["tasks", "more"])
    #expect(node.state.withLock { $0.desk.queues } == ["tasks", "more"])
    node.shutdown()
  }

  private func nodeWithChildren(_ count: Int) throws -> (TaskApplication, WorkerNode) {
    try node {
      $0.pool = .processes(TaskChildProgram(executable: "", arguments: []))
      $0.concurrency = count
      $0.concurrencyLimit = 5
    }
  }

  @Test func aPoolOfChildrenGrowsAndShrinksInEachQueue() throws {
    let (_, node) = try nodeWithChildren(2)
    tell(node, .poolGrow(1))
    tell(node, .addConsumer(queue: "more"))
    #expect(transport.children.map(\.count) == [2, 3] && transport.children.map(\.limit) == [5, 5])
    tell(node, .poolShrink(2))
    tell(node, .poolShrink(1))
    tell(node, .poolGrow(5))
    #expect(transport.seats.map(\.sizes) == [["3 of 12", "1 of 4"], ["1 of 4"]])
    #expect(node.facts().statistics.concurrency == 1)
    node.shutdown()
  }

  /// As if it had not been asked.
  @Test func aPoolThatOneQueuesWorkerCannotChangeIsChangedInNone() throws {
    let (_, node) = try nodeWithChildren(2)
    tell(node, .addConsumer(queue: "more"))
    transport.seats[1].refusal = DriverError(.unavailable, "no processes")
    tell(node, .poolGrow(2))
    #expect(transport.seats.map(\.sizes) == [["4 of 16", "2 of 8"], []])
    #expect(node.facts().statistics.concurrency == 2)
    node.shutdown()
  }

  /// The thread that was asked may be gone before it hears of it.
  @Test func aThreadThatEndsChangesItsSizeNoMore() throws {
    let seat = IdleSeat()
    let thread = SeatThread(queue: "tasks")
    try thread.start(name: "seat", seat: seat, limit: 1, time: MonotonicClockTime())
    thread.end()
    thread.join()
    #expect(throws: DriverError.self) { try thread.resize(to: 2, prefetch: 8) }
    #expect(seat.sizes.isEmpty)
  }

  @Test func aThreadOfItsOwnHasNoChildrenToAdd() throws {
    let world = TaskWorld()
    let seat = WorkerSeat(world.worker())
    #expect(throws: DriverError.self) { try seat.resize(to: 2, prefetch: 8, now: 0) }
  }

  @Test func aQueueWhoseKeeperCannotBeOpenedIsNotConsumed() throws {
    let (_, node) = try node { $0.concurrency = 2 }
    transport.refusesKeepers = true
    tell(node, .addConsumer(queue: "more"))
    #expect(node.state.withLock { $0.members.map(\.thread.queue) } == ["tasks", "tasks", "tasks"])
    node.shutdown()
  }

  @Test func coldShutdownReachesEverySeat() throws {
    let (_, node) = try node { $0.concurrency = 2 }
    node.shutdown(.cold())
    #expect(transport.seats.allSatisfy { $0.told.all.last == "drained cold" })
    #expect(!node.isRunning)
  }
}

/// The host's clock.
struct MonotonicClockTime: TimeSource {
  func now() -> Int64 { MonotonicClock.now() }
}

/// Ends without anything behind them.
final class IdleTransport: TaskTransport, @unchecked Sendable {
  // Unchecked, because: what it notes is written by the thread that makes the node.
  private let broker = MemoryBroker()
  var seats: [IdleSeat] = []
  var heldLimits: [Int] = []
  var seeds: [UInt64] = []
  var rateLimits: [ObjectIdentifier?] = []
  var acceptedContents: [Set<Serializer>] = []
  var children: [ChildPoolOptions] = []
  var keepers: [String] = []
  var refusesWorkers = false
  var refusesKeepers = false

  func declare(_ topology: Topology) {}
  func openOutbox() -> any TaskOutbox { EndpointOutbox(MemoryEndpoint(MemoryBroker(), consuming: "")) }

  func openInbox(_ bindings: [InboxBinding], limit: Int) -> any TaskInbox { IdleInbox() }

  func openWorker(
    _ registry: TaskRegistry, _ options: WorkerOptions, prefetch: Int, children: ChildPoolOptions?
  ) throws(DriverError) -> any TaskSeat {
    if refusesWorkers { throw DriverError(.refused, "no more workers") }
    let seat = IdleSeat()
    seats.append(seat)
    heldLimits.append(options.heldLimit)
    seeds.append(options.seed)
    rateLimits.append(options.rateLimits.map(ObjectIdentifier.init))
    acceptedContents.append(options.acceptContent)
    if let children { self.children.append(children) }
    return seat
  }

  func openKeeper(queue: String) throws(DriverError) -> any TaskSeat {
    if refusesKeepers { throw DriverError(.refused, "no more keepers") }
    keepers.append(queue)
    return IdleSeat()
  }
}

/// Where nothing ever comes.
final class IdleInbox: TaskInbox {
  let address: UInt64 = 1
  func take(now: Int64, _ body: (ReceivedMessage) -> Void) -> Int { 0 }
  func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
}

/// A seat that has nothing to do, unless the test says so before its thread starts, and sleeps until its bell is rung.
final class IdleSeat: TaskSeat, @unchecked Sendable {
  // Unchecked, because: tests look at `told`, which has a lock, and at the rest when the thread has ended.
  let bell = WorkerBell()
  let told = Journal()
  private(set) var reportCount = 0
  private(set) var nextMoment: Int64?
  private var stepCount = 0
  /// What its `nextMoment` is after so many steps.
  var moments: [Int: Int64] = [:]
  /// Whether it is drained when it is told so.
  var isDrained: (LaneStop) -> Bool = { _ in true }

  func step(limit: Int, now: Int64) -> Int {
    stepCount += 1
    if let moment = moments[stepCount] { nextMoment = moment }
    return 0
  }

  /// What it was told to be.
  var sizes: [String] { told.all.filter { $0.contains(" of ") } }
  /// Why it stays as it is.
  var refusal: DriverError?

  func resize(to count: Int, prefetch: Int, now: Int64) throws(DriverError) {
    if let refusal { throw refusal }
    told.note("\(count) of \(prefetch)")
  }

  var environment: TaskEnvironment? { nil }
  var reserved: [TaskSummary] { [] }
  var scheduled: [TaskSummary] { [] }

  var counters: WorkerCounters {
    reportCount += 1
    return WorkerCounters()
  }

  func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) {
    let ticket = bell.doorbell.prepareToWait()
    guard isIdle() else { return bell.doorbell.cancelWait() }
    told.note(timeoutNanoseconds < 1 << 60 ? "sleeps for a while" : "sleeps")
    bell.doorbell.wait(ticket)
  }

  func drain(_ stop: LaneStop, now: Int64) -> Bool {
    told.note(stop == .warm ? "drained warm" : "drained cold")
    return isDrained(stop)
  }

  func observe(_ observer: any WorkerObserver) {}

  func revoke(_ task: TaskIdentifier, terminate: Bool, now: Int64) {
    told.note("revoke \(task)")
  }

  func noticeRateLimit(of task: String) { told.note("limit \(task)") }
  func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of task: String) {
    told.note("time limits \(task)")
  }
}
