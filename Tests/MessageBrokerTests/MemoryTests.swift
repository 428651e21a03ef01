import MessageBroker
import Testing

@Suite struct MemoryTests {
  @Test func emptyQueueTakesLittleWhateverItsLimit() throws {
    let broker = Broker()
    try broker.declareQueue("short", options: QueueOptions(maxLength: 1))
    try broker.declareQueue("long", options: QueueOptions(maxLength: 1 << 28))
    for queue in broker.listQueues() { #expect(queue.memoryByteCount < 16 * 1024, "\(queue.name)") }
  }

  /// Batches cross from segment to segment whole, and the limit is that of the queue, not of a segment.
  @Test(arguments: [1, 7, 64])
  func queueGrowsToItsLimitAndKeepsOrder(batch: Int) throws {
    let broker = Broker()
    let limit = 10_000
    try broker.declareQueue("q", options: QueueOptions(maxLength: limit, overflow: .rejectPublish))
    var producer = try broker.openSession(SessionOptions(publishBatch: batch))
    var consumer = try broker.openSession(SessionOptions(windowCapacity: 16_384))
    let route = try producer.route(exchange: "", key: "q")
    _ = try consumer.consume(queue: "q")
    for id in 0..<UInt64(limit) {
      let outcome = producer.publish(body(of: id), route: route, properties: MessageProperties(correlation: id), now: 0)
      #expect(outcome == .accepted)
    }
    #expect(producer.flush() == 0)
    #expect(broker.listQueues()[0].ready == limit && broker.listQueues()[0].totals.rejected == 0)
    _ = producer.publish(body(of: 1), route: route, now: 0)
    producer.flush()
    #expect(broker.listQueues()[0].totals.rejected == 1)
    // One poll takes everything, across all segments.
    #expect(consumer.poll(limit: limit + 1) == limit)
    for place in 0..<limit {
      let delivery = consumer.delivery(at: place)
      #expect(delivery.correlation == UInt64(place) && delivery.queuePosition == UInt64(place))
    }
    try consumer.acknowledge(0, multiple: true)
  }

  @Test func drainedQueueGivesItsMemoryBackWhenTimeGoesOn() throws {
    let broker = Broker()
    try broker.declareQueue("q", options: QueueOptions(maxLength: 1_000_000))
    var producer = try broker.openSession(SessionOptions(publishBatch: 64))
    var consumer = try broker.openSession()
    let route = try producer.route(exchange: "", key: "q")
    _ = try consumer.consume(queue: "q")
    let empty = broker.listQueues()[0].memoryByteCount
    let message = [UInt8](repeating: 7, count: 100)
    for _ in 0..<100_000 {
      let outcome = producer.publish(message, route: route, now: 0)
      #expect(outcome == .accepted)
    }
    producer.flush()
    let full = broker.listQueues()[0].memoryByteCount
    #expect(full > 100_000 * 64 && full < 200_000 * 64)
    while consumer.poll(limit: 64) > 0 { try consumer.acknowledge(0, multiple: true) }
    for tenth in 1...12 as ClosedRange<Int64> { broker.advance(to: tenth * 100_000_000) }
    // The two sessions have not looked since, and hold a segment each.
    #expect(broker.listQueues()[0].memoryByteCount < full)
    _ = producer.publish(message, route: route, now: 0)
    producer.flush()
    #expect(consumer.poll(limit: 64) == 1)
    try consumer.acknowledge(0, multiple: true)
    for tenth in 13...16 as ClosedRange<Int64> { broker.advance(to: tenth * 100_000_000) }
    #expect(broker.listQueues()[0].memoryByteCount == empty)
    // An idle poll hands in the body of the last message.
    #expect(consumer.poll(limit: 1) == 0)
    #expect(broker.statistics().bodyByteCount == 0)
  }
}
