import Distributions
import Glibc
import Platform
import RingBuffers
import Testing

/// Rings between this process and a child, `RingPeer`, in shared memory.
@Suite(.serialized) struct RingProcessTests {
  typealias Ring = SingleProducerRing<UInt64>

  /// Shared memory with room for a ring in each half.
  @safe private final class Halves {
    let memory: SharedMemory
    let first: UnsafeMutableRawBufferPointer
    let second: UnsafeMutableRawBufferPointer

    init() throws {
      memory = try SharedMemory(byteCount: 64 << 10)
      let half = unsafe memory.bytes.count / 2
      unsafe first = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<half])
      unsafe second = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[half...])
    }
  }

  /// Built beside the tests.
  private func peerPath() throws -> String {
    let own = try ChildProcess.ownExecutablePath()
    return own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "RingPeer"
  }

  private func start(_ task: String, _ halves: Halves) throws -> ChildProcess {
    var launch = ChildProcess.Launch(executable: try peerPath(), arguments: [task])
    launch.inherited = [3: halves.memory.descriptor.number]
    return try ChildProcess(launch)
  }

  /// Both sides park for each item: a wake-up that did not reach the other process would hang here.
  @Test func itemsGoToAnotherProcessAndBack() throws {
    let halves = try Halves()
    let there = try unsafe Ring(formatting: halves.first, capacity: 16)
    let back = try unsafe Ring(formatting: halves.second, capacity: 16)
    let child = try start("echo", halves)
    var producer = there.makeProducer()
    var consumer = back.makeConsumer()
    var strategy = Parking()
    for value in 0..<2_000 as Range<UInt64> {
      let pushed = producer.push(value, waiting: &strategy)
      let answer = consumer.pop(waiting: &strategy)
      #expect(pushed && answer == value)
    }
    there.close()
    #expect(child.wait()?.outcome == .exited(code: 0))
  }

  @Test func recordsGoToAnotherProcessAndBack() throws {
    let halves = try Halves()
    let there = try unsafe ByteRing(formatting: halves.first, capacity: 1024)
    let back = try unsafe ByteRing(formatting: halves.second, capacity: 1024)
    let child = try start("echo-records", halves)
    var producer = there.makeProducer()
    var consumer = back.makeConsumer()
    var strategy = Parking()
    for number in 0..<1_000 {
      let record = ByteRingTests.record(number, byteCount: number % 500)
      let claim = producer.claim(byteCount: record.count, waiting: &strategy)
      unsafe producer.claimedBytes.copyBytes(from: record)
      producer.publish()
      producer.wakeConsumers()
      let answer = unsafe consumer.next(waiting: &strategy).map { unsafe Array($0) }
      consumer.release()
      consumer.wakeProducers()
      #expect(claim == .granted && answer == record)
    }
    there.close()
    #expect(child.wait()?.outcome == .exited(code: 0))
  }

  @Test func readersHereAndInAnotherProcessSeeEveryElement() throws {
    let halves = try Halves()
    let ring = try unsafe BroadcastRing<UInt64>(formatting: halves.first, capacity: 16, mode: .block)
    let back = try unsafe Ring(formatting: halves.second, capacity: 4)
    let child = try start("read", halves)
    var answers = back.makeConsumer()
    var strategy = Parking()
    let number = answers.pop(waiting: &strategy)
    #expect(number == 0)
    guard var reader = ring.makeReader() else { preconditionFailure("no place for a reader") }
    #expect(ring.readerCount == 2 && reader.number == 1)
    var producer = ring.makeProducer()
    for value in 1...1_000 as ClosedRange<UInt64> {
      let pushed = producer.push(value, waiting: &strategy)
      let seen = reader.tryPop()
      #expect(pushed && seen == value)
    }
    ring.close()
    let sum = answers.pop(waiting: &strategy)
    #expect(sum == 500_500)
    #expect(child.wait()?.outcome == .exited(code: 0))
  }

  /// The child is killed at random moments and replaced: no item is lost, and at most one batch comes twice each time.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func killedChildLosesNothing(seed: UInt64) throws {
    let halves = try Halves()
    let there = try unsafe Ring(formatting: halves.first, capacity: 64)
    let back = try unsafe Ring(formatting: halves.second, capacity: 64)
    var random = SplitMix64(seed: seed)
    var producer = there.makeProducer()
    var consumer = back.makeConsumer()
    var patience = Patience()
    let itemCount: UInt64 = 5_000
    var (sent, expected, doubled): (UInt64, UInt64, UInt64) = (0, 0, 0)
    for life in 1...6 {
      let child = try start("echo", halves)
      let goal = life == 6 ? itemCount : min(itemCount, expected + UInt64(random.below(900)))
      while expected < goal {
        while sent < itemCount, producer.tryPush(sent) { sent += 1 }
        producer.wakeConsumers()
        while let answer = consumer.tryPop() {
          #expect(answer <= expected, "seed \(seed), life \(life): \(answer) instead of \(expected)")
          if answer == expected { expected += 1 } else { doubled += 1 }
        }
        consumer.wakeProducers()
        guard patience.wait() else { throw SystemError("see progress, seed \(seed)", code: ETIMEDOUT) }
      }
      if life == 6 { there.close() } else { child.kill() }
      let outcome = child.wait()?.outcome
      #expect(outcome == (life == 6 ? .exited(code: 0) : .signalled(number: SIGKILL)))
    }
    #expect(expected == itemCount && doubled <= 5 * 8, "seed \(seed)")
  }

  @Test func readerThatDiedIsDismissed() throws {
    let halves = try Halves()
    let ring = try unsafe BroadcastRing<UInt64>(formatting: halves.first, capacity: 4, mode: .block)
    let back = try unsafe Ring(formatting: halves.second, capacity: 4)
    let child = try start("stall", halves)
    var answers = back.makeConsumer()
    var strategy = Parking()
    let number = answers.pop(waiting: &strategy)
    var producer = ring.makeProducer()
    for value in 0..<4 as Range<UInt64> { _ = producer.tryPush(value) }
    let refused = producer.tryPush(4)
    child.kill()
    #expect(child.wait()?.outcome == .signalled(number: SIGKILL))
    ring.dismissReader(Int(number ?? 99))
    let accepted = producer.tryPush(4)
    #expect(!refused && accepted && ring.readerCount == 0)
  }

  /// The middle of three processes is killed; the last one has only its lifeline to learn from.
  @Test func childDiesWithItsParent() throws {
    let pipe = try OwnedDescriptor.pipe()
    var launch = ChildProcess.Launch(executable: try peerPath(), arguments: ["parent"])
    launch.standardOutput = .descriptor(pipe.writing.number)
    let parent = try ChildProcess(launch)
    pipe.writing.close()
    guard case .bytes(let line) = try pipe.reading.read() else {
      Issue.record("no process id")
      return
    }
    let grandchild = try #require(Int32(String(decoding: line.dropLast(), as: UTF8.self)))
    #expect(kill(grandchild, 0) == 0)
    parent.kill()
    // The pipe ends when nobody can write to it any more: both are gone then.
    #expect(try pipe.reading.read() == .end)
    #expect(parent.wait()?.outcome == .signalled(number: SIGKILL))
  }
}
