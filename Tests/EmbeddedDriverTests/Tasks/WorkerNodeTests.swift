import DriverInterface
import EmbeddedDriver
import MessageBroker
import Platform
import Testing

@testable import TaskWorkers

/// What a node tells the threads that it starts later. The seats are the test's, the rest is the embedded broker.
@Suite struct WorkerNodeTests {
  private let transport = SeatTransport()

  private func node() throws -> (TaskApplication, WorkerNode) {
    var registry = TaskRegistry()
    registry.register("work") { _, _ in }
    let application = try TaskApplication(registry: registry, transport: transport, time: MonotonicTime())
    return (application, try application.startWorkers(WorkerNodeOptions { $0.keepsEtas = false }))
  }

  private func wait(until isSo: () -> Bool) {
    let end = MonotonicClock.now() + 60_000_000_000
    while !isSo(), MonotonicClock.now() < end { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    #expect(isSo())
  }

  @Test func threadsOfAGrownPoolKeepTheChangedLimits() throws {
    let (application, node) = try node()
    let limit = try #require(RateLimit(5, per: .minute))
    let soft = ControlCommand.timeLimit(task: "work", softNanoseconds: 7, hardNanoseconds: nil)
    for command in [.rateLimit(task: "work", limit), soft, .poolGrow(1)] as [ControlCommand] {
      let replies = try application.control(command, timeout: .seconds(30), count: 1)
      guard case .ok = replies["worker1"] else {
        Issue.record("\(command): \(replies)")
        return
      }
    }
    wait {
      transport.seats.count == 2
        && transport.seats.allSatisfy { $0.knows(limit, of: "work") && $0.said.contains("work soft 7 hard 0") }
    }
    #expect(transport.seats[0].said.contains("work is limited otherwise"))
    node.shutdown()
    application.close()
  }

  @Test func aThreadThatStartsDuringTheShutdownEndsWithIt() throws {
    let (application, node) = try node()
    node.shutdown()
    try node.addThreads("tasks", count: 2)
    #expect(transport.seats.count == 2, "the second of them is not even started")
    #expect(transport.seats.allSatisfy { $0.said.last == "drained" })
    #expect(node.facts().statistics.concurrency == 1)
    application.close()
  }

  @Test func whatASeatCannotGoOnForIsTheNodesToSay() throws {
    let (application, node) = try node()
    #expect(node.failure == nil)
    transport.seats[0].fail("nothing starts")
    wait { node.failure == "nothing starts" }
    node.shutdown()
    application.close()
  }
}

/// The embedded broker, but for workers, which are seats of the test.
private final class SeatTransport: TaskTransport {
  private let base = EmbeddedTaskTransport(broker: Broker())
  private let made = Guarded<[TestSeat]>([])

  var seats: [TestSeat] { made.withLock { $0 } }

  func declare(_ topology: Topology) throws(DriverError) { try base.declare(topology) }
  func openOutbox() throws(DriverError) -> any TaskOutbox { try base.openOutbox() }
  func openInbox(_ bindings: [InboxBinding], limit: Int) throws(DriverError) -> any TaskInbox {
    try base.openInbox(bindings, limit: limit)
  }

  func openWorker(
    _ registry: TaskRegistry, _ options: WorkerOptions, prefetch: Int, children: ChildPoolOptions?
  ) throws(DriverError) -> any TaskSeat {
    let seat = TestSeat(options.rateLimits)
    made.withLock { $0.append(seat) }
    return seat
  }

  func openKeeper(queue: String) throws(DriverError) -> any TaskSeat { try base.openKeeper(queue: queue) }
}

/// A seat that has nothing to do and notes what it hears.
private final class TestSeat: TaskSeat, Sendable {
  let bell = WorkerBell()
  let environment: TaskEnvironment? = nil

  private struct State {
    var said: [String] = []
    var failure: String?
  }

  private let state = Guarded(State())
  private let limits: SharedRateLimits?

  init(_ limits: SharedRateLimits?) { self.limits = limits }

  /// Whether tasks begin here by this limit.
  func knows(_ limit: RateLimit, of task: String) -> Bool {
    limits?.limiter(of: task)?.intervalNanoseconds == limit.intervalNanoseconds
  }

  var said: [String] { state.withLock { $0.said } }
  var failure: String? { state.withLock { $0.failure } }
  func fail(_ reason: String) { state.withLock { $0.failure = reason } }
  private func note(_ text: String) { state.withLock { $0.said.append(text) } }

  func step(limit: Int, now: Int64) -> Int { 0 }
  var nextMoment: Int64? { nil }
  func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) { PrecisionSleep.sleep(nanoseconds: 1_000_000) }

  func drain(_ stop: LaneStop, now: Int64) -> Bool {
    note("drained")
    return true
  }

  func observe(_ observer: any WorkerObserver) {}
  func revoke(_ task: TaskIdentifier, terminate: Bool, now: Int64) {}
  func noticeRateLimit(of task: String) { note("\(task) is limited otherwise") }
  func setTimeLimits(softNanoseconds: Int64?, hardNanoseconds: Int64?, of task: String) {
    note("\(task) soft \(softNanoseconds ?? 0) hard \(hardNanoseconds ?? 0)")
  }
  var reserved: [TaskSummary] { [] }
  var scheduled: [TaskSummary] { [] }
  var counters: WorkerCounters { WorkerCounters() }
}
