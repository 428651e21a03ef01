import DriverInterface
import Histograms
import MessageBroker
import Testing

@testable import EmbeddedDriver

/// The contract between the harness and a session of the broker.
@Suite struct BrokerEndpointTests {
  let broker = Broker()

  /// An end that publishes to the queue `q`, which is declared with the given options.
  func makeEnd(_ options: QueueOptions, batch: Int, confirms: Bool = false) throws -> BrokerEndpoint {
    _ = try broker.declareQueue("q", options: options)
    var session = try broker.openSession(SessionOptions(publishBatch: batch))
    if confirms { session.confirmSelect() }
    let route = try session.route(exchange: "", key: "q")
    return BrokerEndpoint(session, routes: [route], publishBatch: batch, largestBodyByteCount: 64)
  }

  /// Sends a body of 40 bytes that begins with `number`.
  static func send(_ number: UInt8, _ end: inout BrokerEndpoint, route: Int = 0) -> Bool {
    let bytes = [number] + [UInt8](repeating: 7, count: 39)
    return unsafe bytes.withUnsafeBytes { buffer in
      end.send(
        unsafe MessageBody(start: buffer.baseAddress!, count: buffer.count), route: route, correlation: 0, priority: 0,
        now: 0)
    }
  }

  /// The first byte of each message that is ready.
  func take(_ count: Int) throws -> [UInt8] {
    var session = try broker.openSession()
    var taken: [UInt8] = []
    for _ in 0..<count {
      guard let delivery = try session.get(queue: "q", acknowledgement: .automatic) else { break }
      taken.append(delivery.body.copied()[0])
    }
    return taken
  }

  /// Whoever took back a message knows that it will not arrive.
  @Test(arguments: [1, 4]) func aMessageThatIsHeldBackCanBeTakenBack(batch: Int) throws {
    var end = try makeEnd(QueueOptions(maxLength: 2), batch: batch)
    for number in 1...2 as ClosedRange<UInt8> { #expect(Self.send(number, &end)) }
    let first = end.flush(now: 0)
    #expect(first.remainingCount == 0)
    let early = end.withdraw(route: 0)
    #expect(!early, "all have arrived")
    #expect(Self.send(3, &end))
    let held = end.flush(now: 0)
    #expect(held.remainingCount == 1)
    let isBack = [end.withdraw(route: 0), end.withdraw(route: 0)]
    #expect(isBack == [true, false])
    #expect(try take(2) == [1, 2])
    let nothing = end.flush(now: 0)
    #expect(nothing == FlushOutcome())
    #expect(Self.send(4, &end))
    _ = end.flush(now: 0)
    #expect(try take(3) == [4])
  }

  @Test func aMessageIsAcceptedWhenItIsSent() throws {
    var end = try makeEnd(QueueOptions(maxLength: 2), batch: 1)
    let sent = [Self.send(1, &end), Self.send(2, &end)]
    #expect(sent == [true, true])
    #expect(broker.listQueues().first?.ready == 2)
    let outcome = end.flush(now: 0)
    #expect(outcome == FlushOutcome(acceptedCount: 2))
    let nothing = end.flush(now: 0)
    #expect(nothing == FlushOutcome())
  }

  /// A full queue holds back one message, of which the end keeps a copy; nothing else can be sent meanwhile.
  @Test func aHeldMessageGoesFirst() throws {
    var end = try makeEnd(QueueOptions(maxLength: 2), batch: 1)
    let sent = [Self.send(1, &end), Self.send(2, &end), Self.send(3, &end), Self.send(4, &end)]
    #expect(sent == [true, true, true, false], "the third is held, the fourth refused")
    let first = end.flush(now: 0)
    #expect(first == FlushOutcome(acceptedCount: 2, remainingCount: 1))
    let second = end.flush(now: 0)
    #expect(second == FlushOutcome(remainingCount: 1))
    #expect(try take(1) == [1])
    let third = end.flush(now: 0)
    #expect(third == FlushOutcome(acceptedCount: 1))
    #expect(try take(3) == [2, 3])
    let fifth = Self.send(5, &end)
    #expect(fifth)
  }

  /// The harness uses the numbers of refused messages again, so they must be the last of their batch.
  @Test func aRefusedMessageEndsItsBatch() throws {
    var end = try makeEnd(QueueOptions(maxLength: 1, overflow: .rejectPublish), batch: 1)
    let sent = [Self.send(1, &end), Self.send(2, &end), Self.send(3, &end)]
    #expect(sent == [true, true, false])
    let outcome = end.flush(now: 0)
    #expect(outcome == FlushOutcome(acceptedCount: 1, rejectedCount: 1))
    #expect(try take(1) == [1])
    let again = Self.send(2, &end)
    #expect(again)
    let last = end.flush(now: 0)
    #expect(last == FlushOutcome(acceptedCount: 1))
  }

  @Test func anUnroutableMessageEndsItsBatch() throws {
    var end = try makeEnd(QueueOptions(), batch: 1)
    _ = try broker.deleteQueue("q")
    let sent = [Self.send(1, &end), Self.send(2, &end)]
    #expect(sent == [true, false])
    let outcome = end.flush(now: 0)
    #expect(outcome == FlushOutcome(unroutableCount: 1))
  }

  @Test func aBatchIsAcceptedWhenItIsFlushed() throws {
    var end = try makeEnd(QueueOptions(maxLength: 3), batch: 8)
    for number in 1...5 as ClosedRange<UInt8> {
      let sent = Self.send(number, &end)
      #expect(sent)
    }
    #expect(broker.listQueues().first?.ready == 0)
    let first = end.flush(now: 0)
    #expect(first == FlushOutcome(acceptedCount: 3, remainingCount: 2))
    #expect(try take(1) == [1])
    let second = end.flush(now: 0)
    #expect(second == FlushOutcome(acceptedCount: 1, remainingCount: 1))
    #expect(try take(4) == [2, 3, 4])
    let third = end.flush(now: 0)
    #expect(third == FlushOutcome(acceptedCount: 1))
    #expect(try take(1) == [5])
  }

  /// A message that waits for two queues used to count twice, and what was accepted to be less than nothing.
  @Test func aMessageThatWaitsForTwoQueuesIsOne() throws {
    try broker.declareExchange("e", type: .direct)
    for name in ["q", "r"] {
      _ = try broker.declareQueue(name, options: QueueOptions(maxLength: 1))
      try broker.bind(queue: name, to: "e", key: "k")
    }
    var session = try broker.openSession(SessionOptions(publishBatch: 8))
    let route = try session.route(exchange: "e", key: "k")
    var end = BrokerEndpoint(session, routes: [route], publishBatch: 8, largestBodyByteCount: 64)
    for number in 1...3 as ClosedRange<UInt8> {
      let sent = Self.send(number, &end)
      #expect(sent)
    }
    let outcome = end.flush(now: 0)
    #expect(outcome.acceptedCount >= 0)
    #expect(outcome.acceptedCount + outcome.remainingCount == 3)
    #expect(outcome.remainingCount >= 2)
  }

  @Test func confirmsCountAcceptedAndRefusedMessages() throws {
    var end = try makeEnd(QueueOptions(maxLength: 1, overflow: .rejectPublish), batch: 1, confirms: true)
    let before = end.confirmedCount()
    #expect(before == 0)
    _ = Self.send(1, &end)
    _ = Self.send(2, &end)
    _ = end.flush(now: 0)
    let after = end.confirmedCount()
    #expect(after == 2)
  }

  /// It used to count until the look before the one that found the message.
  @Test func timeInTheQueueEndsWhenTheBatchIsThere() throws {
    var end = try makeEnd(QueueOptions(), batch: 1)
    var session = try broker.openSession()
    _ = try session.consume(queue: "q")
    var receiver = BrokerEndpoint(session, publishBatch: 1, acknowledges: true, largestBodyByteCount: 0)
    let early = receiver.receive(limit: 4, now: 1)
    _ = Self.send(1, &end)
    let count = receiver.receive(limit: 4, now: 1)
    receiver.received(now: 5_000)
    #expect(early == 0 && count == 1)
    let times = try broker.timeInQueue(of: "q")
    #expect(times.count == 1 && times.max == 5_000)
    // A look in vain says what is still unacknowledged.
    let late = receiver.receive(limit: 4, now: 5_000)
    #expect(late == 0 && broker.listQueues().first?.oldestUnacknowledgedAt == 1)
  }

  /// A long task that acknowledges late, among short ones: they used to end when a thousand had passed it.
  @Test(arguments: [1, 3, 40]) func aWorkerThatKeepsSomeMessagesGetsTheOthers(keptCount: Int) throws {
    var end = try makeEnd(QueueOptions(), batch: 1)
    var worker = try TaskEndpointOpener(broker: broker).openWorker(of: "q", prefetchCount: keptCount + 1)
    var kept: [ReceivedMessage] = []
    for number in 0..<3000 {
      let isSent = Self.send(UInt8(truncatingIfNeeded: number), &end)
      #expect(isSent)
      _ = end.flush(now: 0)
      let count = worker.receive(limit: 64, now: 0)
      try #require(count == 1, "message \(number)")
      let message = worker.message(at: 0)
      if number % 50 == 0, kept.count < keptCount {
        kept.append(message)
      } else {
        worker.acknowledge(message.tag, multiple: false, now: 0)
      }
    }
    #expect(kept.enumerated().allSatisfy { unsafe $1.body.bytes[0] == UInt8(truncatingIfNeeded: 50 * $0) })
    for message in kept { worker.acknowledge(message.tag, multiple: false, now: 0) }
    #expect(broker.listQueues().first?.unacknowledged == 0)
  }

  /// A pool that grows takes more ahead; a window for its first prefetch used to be all that it could have.
  @Test func aLargerPrefetchGetsALargerWindow() throws {
    var end = try makeEnd(QueueOptions(), batch: 1)
    var worker = try TaskEndpointOpener(broker: broker).openWorker(of: "q", prefetchCount: 4)
    for number in 0..<5000 {
      let isSent = Self.send(UInt8(truncatingIfNeeded: number), &end)
      #expect(isSent)
      _ = end.flush(now: 0)
    }
    var count = worker.receive(limit: 64, now: 0)
    var old: [ReceivedMessage] = []
    for index in 0..<count { old.append(worker.message(at: index)) }
    worker.setPrefetch(4000)
    while case let more = worker.receive(limit: 64, now: 0), more > 0 { count += more }
    #expect(count == 4000 && old.count == 4)
    for (number, message) in old.enumerated() {
      #expect(unsafe message.body.bytes[0] == UInt8(number))
      worker.acknowledge(message.tag, multiple: false, now: 0)
    }
    let furtherCount = worker.receive(limit: 64, now: 0)
    #expect(furtherCount == 4)
  }

  @Test func whoNeverAcknowledgesMayBeToldTo() throws {
    var end = try makeEnd(QueueOptions(), batch: 1)
    _ = Self.send(1, &end)
    var session = try broker.openSession()
    _ = try session.consume(queue: "q", acknowledgement: .automatic)
    var receiver = BrokerEndpoint(session, publishBatch: 1, largestBodyByteCount: 0)
    let count = receiver.receive(limit: 4, now: 0)
    #expect(count == 1)
    let message = receiver.message(at: 0)
    #expect(message.body.count == 40)
    receiver.acknowledge(message.tag, multiple: false, now: 0)
    #expect(broker.listQueues().first?.unacknowledged == 0)
  }

  @Test func aReplyGoesWhereTheRequestSays() throws {
    _ = try broker.declareQueue("q")
    var asking = try broker.openSession()
    let replies = try asking.declareQueue("", options: QueueOptions(isExclusive: true))
    _ = try asking.consume(queue: replies.name, acknowledgement: .automatic)
    let route = try asking.route(exchange: "", key: "q")
    var client = BrokerEndpoint(
      asking, routes: [route], properties: MessageProperties(replyTo: replies.handle), publishBatch: 1,
      largestBodyByteCount: 64)
    var answering = try broker.openSession()
    _ = try answering.consume(queue: "q")
    var server = BrokerEndpoint(answering, publishBatch: 1, acknowledges: true, largestBodyByteCount: 0)

    let bytes = [UInt8](repeating: 9, count: 40)
    let sent = unsafe bytes.withUnsafeBytes { buffer in
      client.send(
        unsafe MessageBody(start: buffer.baseAddress!, count: buffer.count), route: 0, correlation: 77, priority: 0,
        now: 0)
    }
    #expect(sent)
    let requests = server.receive(limit: 4, now: 0)
    try #require(requests == 1)
    let request = server.message(at: 0)
    #expect(request.correlation == 77)
    let replied = server.reply(to: request, with: request.body, now: 0)
    #expect(replied)
    server.acknowledge(request.tag, multiple: false, now: 0)
    let answers = client.receive(limit: 4, now: 0)
    try #require(answers == 1)
    let answer = client.message(at: 0)
    #expect(answer.correlation == 77)
    #expect(answer.body.count == 40)
  }
}
