import DriverInterface
import MessageBroker
import TaskWorkers

/// A consumer of a queue of dead letters that gives back what it is not told to remove: its session does, in order, when it ends.
final class BrokerDeadLetters: DeadLetterReader {
  private var session: Session
  private let limit: Int

  init(_ broker: Broker, queue: String, limit: Int) throws(BrokerError) {
    session = try broker.openSession(SessionOptions(batchCount: 1, prefetchCount: limit, mayPark: false))
    self.limit = limit
    _ = try session.consume(queue: queue, prefetch: limit, acknowledgement: .manual)
  }

  func take(now: Int64, _ body: (ReceivedDeadLetter) -> Bool) -> Int {
    let count = session.poll(limit: limit)
    for index in 0..<count {
      let delivery = session.delivery(at: index)
      let death = DeathRecord.all(in: delivery.headers.copied()).first
      let bytes = unsafe delivery.body.bytes
      guard let start = bytes.baseAddress else { continue }
      let letter = ReceivedDeadLetter(
        body: unsafe MessageBody(start: start, count: bytes.count), queue: death?.queue ?? "",
        reason: death?.reason.rawValue ?? "")
      guard body(letter) else { continue }
      // It was delivered just now, and once: another tag would be this loop's own mistake.
      do { try session.acknowledge(delivery.deliveryTag, multiple: false) } catch { preconditionFailure("\(error)") }
    }
    return count
  }
}
