import EmbeddedDriver
import Glibc
import Platform
import RingBuffers

/// The other end of the rings between processes: what the tests start as a child. The first argument says what to do; the
/// rings are in the two halves of the shared memory behind descriptor 3.
@main
struct RingPeer {
  static func main() throws {
    switch CommandLine.arguments.dropFirst().first {
    case "echo": try echo(Halves())
    case "echo-records": try echoRecords(Halves())
    case "read": try read(Halves())
    case "stall": try stall(Halves())
    case "parent": try parent()
    case "hang": hang()
    case "consume": try RingPeerProcess().run()
    case "task-child": try TaskChildProcess().run()
    case "repeating-child": try TaskChildProcess().run { RepeatingHandler($0) }
    case "dying-child": try TaskChildProcess().run { DyingHandler($0, again: false) }
    case "poisoned-child": try TaskChildProcess().run { DyingHandler($0, again: true) }
    case "confused-child": try TaskChildProcess().run { ConfusedHandler($0) }
    default: exit(64)
    }
  }

  /// The two rings' memory.
  @safe struct Halves {
    let memory: SharedMemory
    let first: UnsafeMutableRawBufferPointer
    let second: UnsafeMutableRawBufferPointer

    init() throws {
      memory = try SharedMemory(attaching: OwnedDescriptor(adopting: 3))
      let half = unsafe memory.bytes.count / 2
      unsafe first = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<half])
      unsafe second = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[half...])
    }
  }

  /// Sends every element back; a batch is given up only after its answers are out, so that a kill loses none.
  private static func echo(_ halves: Halves) throws {
    let there = try unsafe SingleProducerRing<UInt64>(attaching: halves.first)
    let back = try unsafe SingleProducerRing<UInt64>(attaching: halves.second)
    var consumer = there.makeConsumer()
    var producer = back.makeProducer()
    var strategy = Parking()
    while true {
      let count = consumer.take(upTo: 8, waiting: &strategy)
      if count == 0 { return }
      for index in 0..<count { _ = producer.push(consumer.element(at: index), waiting: &strategy) }
      consumer.release()
      consumer.wakeProducers()
    }
  }

  private static func echoRecords(_ halves: Halves) throws {
    let there = try unsafe ByteRing(attaching: halves.first)
    let back = try unsafe ByteRing(attaching: halves.second)
    var consumer = there.makeConsumer()
    var producer = back.makeProducer()
    var strategy = Parking()
    while let record = unsafe consumer.next(waiting: &strategy) {
      guard producer.claim(byteCount: record.count, waiting: &strategy) == .granted else { exit(1) }
      unsafe producer.claimedBytes.copyMemory(from: record)
      producer.publish()
      producer.wakeConsumers()
      consumer.release()
      consumer.wakeProducers()
    }
    back.close()
  }

  /// Joins the broadcast ring, says so with a 0, and ends with the sum of what it saw.
  private static func read(_ halves: Halves) throws {
    let ring = try unsafe BroadcastRing<UInt64>(attaching: halves.first)
    let back = try unsafe SingleProducerRing<UInt64>(attaching: halves.second)
    guard var reader = ring.makeReader() else { exit(1) }
    var producer = back.makeProducer()
    var strategy = Parking()
    _ = producer.push(UInt64(reader.number), waiting: &strategy)
    var sum: UInt64 = 0
    while let element = reader.pop(waiting: &strategy) { sum &+= element }
    _ = producer.push(sum, waiting: &strategy)
  }

  /// Joins the broadcast ring, says so, and reads nothing.
  private static func stall(_ halves: Halves) throws {
    let ring = try unsafe BroadcastRing<UInt64>(attaching: halves.first)
    let back = try unsafe SingleProducerRing<UInt64>(attaching: halves.second)
    guard let reader = ring.makeReader() else { exit(1) }
    var producer = back.makeProducer()
    var strategy = Parking()
    _ = producer.push(UInt64(reader.number), waiting: &strategy)
    hang()
  }

  /// Starts a child that never ends, which keeps standard output open, and tells its process id.
  private static func parent() throws {
    let child = try ChildProcess(.init(executable: ChildProcess.ownExecutablePath(), arguments: ["hang"]))
    try OwnedDescriptor(adopting: 1).write(Array("\(child.processID)\n".utf8))
    child.wait()
  }

  private static func hang() -> Never {
    while true { pause() }
  }
}
