import DriverInterface
import Platform
import Serialization
import TaskWorkers
import Testing

/// Tasks that wait, on Swift's concurrency pool.
@Suite struct AsyncTaskTests {
  private let world = TaskWorld()

  /// Steps until so many outcomes have come; gives the pool's threads the processor in between.
  private func outcomes(_ count: Int, _ worker: inout TaskWorld.Worker) async -> [SeenOutcome] {
    var found: [SeenOutcome] = []
    while found.count < count {
      _ = worker.step(limit: 100, now: world.now)
      found += world.outcomes()
      await Task.yield()
    }
    return found
  }

  @Test func manyAreUnderWayAtATimeAndEachEndsWithItsOwnResult() async {
    for isLate in [false, true] {
      world.registry.registerAsync("wait", options: TaskOptions { $0.acksLate = isLate }) { _, arguments in
        await Task.yield()
        return arguments.bytes
      }
      let identifiers = (0..<2000).map { world.apply("wait", [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]) }
      var worker = world.worker(prefetch: 3000)
      let found = await outcomes(2000, &worker)
      #expect(Set(found.map(\.identifier)) == Set(identifiers))
      #expect(Set(found.map(\.value)).count == 2000)
      #expect(found.allSatisfy { $0.state == .success })
      #expect(worker.endpoint.unacknowledgedCount == 0)
      #expect(worker.isDrained == true)
    }
  }

  @Test func anErrorIsAFAILUREAndARetryIsTriedAgain() async {
    world.registry.registerAsync("fail") { _, _ in throw TestFailure() }
    world.registry.registerAsync("again") { context, _ in
      if context.retries == 0 { throw context.retry(countdown: .zero) }
      return [1]
    }
    world.apply("fail")
    world.apply("again")
    var worker = world.worker()
    let found = await outcomes(2, &worker)
    #expect(Set(found.map(\.state)) == [.failure, .success])
    #expect(worker.counters.retried == 1)
  }

  @Test func aRevokedOneIsAskedToStop() async {
    world.registry.registerAsync("long") { context, _ in
      while true {
        try context.checkStop()
        await Task.yield()
      }
    }
    let identifier = world.apply("long")
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    #expect(worker.active.count == 1)
    worker.revoke(identifier, now: world.now)
    let found = await outcomes(1, &worker)
    #expect(found.map(\.state) == [.revoked])
  }

  @Test func argumentsAreDecompressedAndResultsCompressed() async throws {
    world.registry.registerAsync("echo", options: TaskOptions { $0.compression = .lz4 }) { _, arguments in
      arguments.bytes
    }
    world.apply("echo", [1, 2, 3])
    var worker = world.worker()
    let value = await outcomes(1, &worker).first?.value ?? []
    var plain = ByteWriter()
    var decompressor = try Decompressor(.lz4)
    try unsafe value.withUnsafeBytes { try decompressor.decompress(unsafe BorrowedBytes($0), into: &plain) }
    #expect(plain.copied() == [1, 2, 3])
  }
}
