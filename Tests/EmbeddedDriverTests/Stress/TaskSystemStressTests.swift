import DriverInterface
import MessageBroker
import Platform
import Serialization
import Synchronization
import TaskWorkers
import Testing

@testable import EmbeddedDriver

/// A client and workers on threads of their own: under ThreadSanitizer every hand-over is looked at.
@Suite(.serialized) struct TaskSystemStressTests {
  private final class Flag: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  @Test(arguments: [false, true])
  func everyTaskOfAClientGetsOneResultFromSeveralWorkers(isLate: Bool) throws {
    let opener = TaskEndpointOpener(broker: Broker())
    try opener.declare("tasks")
    var registry = TaskRegistry()
    registry.register("echo", options: TaskOptions { $0.acksLate = isLate }) { task, result in
      unsafe result.append(BorrowedBytes(task.arguments.bytes))
    }
    let tasks = registry
    let flag = Flag()
    let workers = try (0..<2).map { number in
      try PinnedThread(name: "worker \(number)", core: nil) {
        guard
          let endpoint = try? opener.openWorker(of: "tasks", prefetchCount: 64)
        else { preconditionFailure("no session for a worker") }
        var worker = WorkerCore(
          endpoint: endpoint, registry: tasks, options: WorkerOptions(queue: "tasks"), time: MonotonicTime())
        while !flag.isOver.load(ordering: .relaxed) {
          guard worker.step(limit: 32, now: MonotonicTime().now()) == 0 else { continue }
          worker.endpoint.prepareToWait()
          if worker.step(limit: 32, now: MonotonicTime().now()) > 0 {
            worker.endpoint.cancelWait()
          } else {
            worker.endpoint.wait(timeoutNanoseconds: 1_000_000)
          }
        }
      }
    }
    let count = 20_000
    var client = TaskClientCore(
      endpoint: try opener.openClient(of: "tasks"), identifiers: TaskIdentifierSource(seed: 2))
    let template = try TaskTemplate(Signature("echo", arguments: SerializedBytes([], serializer: .raw)))
    var seen = [Int](repeating: 0, count: count + 1)
    var (sent, received) = (0, 0)
    while received < count {
      while sent < count, sent - received < 1000 {
        let correlation = UInt64(sent + 1)
        var number = correlation
        let submission = unsafe withUnsafeBytes(of: &number) { bytes in
          let view = unsafe BorrowedBytes(bytes)
          return client.submit(
            template, arguments: unsafe MessageBody(start: view.start, count: view.count), route: 0,
            correlation: correlation, now: 1)
        }
        guard submission == .staged else { break }
        sent += 1
      }
      _ = client.flush(now: 1)
      let arrived = client.receive(limit: 64, now: 1)
      for index in 0..<arrived {
        guard let outcome = client.outcome(at: index), outcome.state == .success else { continue }
        #expect(outcome.value.word(at: 0) == outcome.correlation)
        seen[Int(outcome.correlation)] += 1
      }
      received += arrived
    }
    flag.isOver.store(true, ordering: .relaxed)
    for worker in workers { worker.join() }
    #expect(seen.dropFirst().allSatisfy { $0 == 1 })
  }
}

/// The host's clock, without calibration.
private struct MonotonicTime: TimeSource {
  func now() -> Int64 { MonotonicClock.now() }
}
