import Distributions
import MessageBroker
import Platform
import Synchronization

/// A queue with a dispatch policy that several threads publish to and consume from until all is acknowledged.
final class LaneStressWorld: Sendable {
  #if DEBUG
    static let messageCount = 4_000
  #else
    static let messageCount = 20_000
  #endif

  let broker = Broker()
  /// How often each message was acknowledged.
  let marks: Guarded<[UInt8]>
  private let total = Atomic<Int>(0)
  let count: Int
  /// Of each producer.
  private let share: Int
  /// The queue's statistics when all was acknowledged.
  let last = Guarded<QueueStatistics?>(nil)
  private let isDone = Atomic<Bool>(false)
  private let keepsOrder: Bool

  init(_ policy: DispatchPolicy, maxLength: Int, producers: Int, share: Int = messageCount) throws {
    var options = QueueOptions(maxLength: maxLength)
    options.dispatch = policy
    try broker.declareQueue("q", options: options)
    keepsOrder = policy.keepsOrderPerProducer
    self.share = share
    count = producers * share
    marks = Guarded([UInt8](repeating: 0, count: count))
  }

  /// Publishes one producer's messages and parks, without a time-out, while the queue is full.
  func produce(_ number: Int, batch: Int) {
    var session = try! broker.openSession(SessionOptions(publishBatch: batch))
    let route = try! session.route(exchange: "", key: "q")
    var strategy = Parking()
    let base = UInt64(number * share)
    for id in base..<base + UInt64(share) {
      let properties = MessageProperties(correlation: id)
      while session.publish(body(of: id), route: route, properties: properties, now: 0) != .accepted {
        session.wait(using: &strategy)
      }
    }
    while session.flush() > 0 { session.wait(using: &strategy) }
    session.close()
  }

  /// Consumes until the queue is gone, and parks without a time-out.
  func consumeUntilDeleted(prefetch: Int, priority: Int) {
    var session = try! broker.openSession()
    let tag = try! session.consume(queue: "q", prefetch: prefetch, priority: priority)
    var strategy = Parking()
    var newest = [UInt64](repeating: 0, count: count / share)
    while !session.isCancelled(tag) {
      if take(&session, newest: &newest, upTo: 8) == 0, !session.isCancelled(tag) { session.wait(using: &strategy) }
    }
    session.close()
  }

  /// Consumes for a while and dies with messages in hand, again and again.
  func comeAndGo(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var strategy = Parking()
    while !isDone.load(ordering: .acquiring) {
      var session = try! broker.openSession(SessionOptions(windowCapacity: 64))
      guard (try? session.consume(queue: "q", prefetch: 16, priority: random.below(3) - 1)) != nil else { continue }
      var newest = [UInt64](repeating: 0, count: count / share)
      for _ in 0..<random.below(40) {
        if take(&session, newest: &newest, upTo: random.below(9)) == 0 {
          session.wait(using: &strategy, timeoutNanoseconds: 1_000_000)
        }
      }
    }
  }

  /// Pauses and resumes the queue until all is acknowledged.
  func pauseAgainAndAgain() {
    while !isDone.load(ordering: .acquiring) {
      try? broker.pauseQueue("q")
      PrecisionSleep.sleep(nanoseconds: 100_000)
      try? broker.resumeQueue("q")
      PrecisionSleep.sleep(nanoseconds: 100_000)
    }
  }

  /// Polls, and acknowledges the first `limit` messages; returns how many it found.
  private func take(_ session: inout Session, newest: inout [UInt64], upTo limit: Int) -> Int {
    let taken = session.poll(limit: 8)
    var ids: [UInt64] = []
    for place in 0..<min(limit, taken) {
      let delivery = session.delivery(at: place)
      let producer = Int(delivery.correlation) / share
      precondition(delivery.body.copied() == body(of: delivery.correlation), "wrong body")
      if keepsOrder, !delivery.isRedelivered {
        precondition(delivery.correlation + 1 > newest[producer], "out of order")
        newest[producer] = delivery.correlation + 1
      }
      ids.append(delivery.correlation)
      try! session.acknowledge(delivery.deliveryTag)
    }
    guard !ids.isEmpty else { return taken }
    marks.withLock { marks in for id in ids { marks[Int(id)] &+= 1 } }
    if total.wrappingAdd(ids.count, ordering: .acquiringAndReleasing).newValue == count { finish() }
    return taken
  }

  /// All is acknowledged: deletes the queue, which wakes everybody for good.
  private func finish() {
    var statistics = broker.listQueues()[0]
    // A session that is ending may not have booked yet what it gave back to those who acknowledged it.
    for _ in 0..<10_000 where statistics.messages > 0 {
      PrecisionSleep.sleep(nanoseconds: 100_000)
      statistics = broker.listQueues()[0]
    }
    last.withLock { [statistics] in $0 = statistics }
    isDone.store(true, ordering: .releasing)
    _ = try! broker.deleteQueue("q")
  }
}
