import DriverInterface
import MessageBroker
import Platform
import TaskWorkers

extension BrokerEndpoint: ReplyingReceiver {
  @inline(__always)
  mutating func receive(limit: Int, now: Int64) -> Int {
    let count = session.poll(limit: limit)
    if count == 0 { session.noteTimes(now: now) }
    return count
  }

  @inline(__always)
  mutating func received(now: Int64) { session.noteTimes(now: now) }

  @inline(__always)
  func message(at index: Int) -> ReceivedMessage {
    let delivery = session.delivery(at: index)
    let bytes = unsafe delivery.body.bytes
    return unsafe ReceivedMessage(
      body: MessageBody(start: bytes.baseAddress.unsafelyUnwrapped, count: bytes.count), tag: delivery.deliveryTag,
      correlation: delivery.correlation, replyTo: UInt64(delivery.replyTo.rawValue),
      isRedelivered: delivery.isRedelivered, returnCount: delivery.returnCount)
  }

  @inline(__always)
  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    guard acknowledges else { return }
    // The harness acknowledges what it was just given, once: another tag would be its own mistake.
    do { try session.acknowledge(tag, multiple: multiple) } catch { preconditionFailure("\(error)") }
  }

  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {
    guard acknowledges else { return }
    do { try session.reject(tag, requeue: requeue) } catch { preconditionFailure("\(error)") }
  }

  @inline(__always)
  mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool {
    let outcome = session.publish(
      unsafe BodyView(body.bytes), to: QueueHandle(rawValue: UInt32(truncatingIfNeeded: message.replyTo)),
      properties: MessageProperties(correlation: message.correlation), now: now)
    // A reply to a client that is gone has nowhere to go; the client's side accounts for it.
    return outcome != .full && outcome != .noMemory
  }

  @inline(__always)
  mutating func flushReplies(now: Int64) -> FlushOutcome {
    pushesAtOnce ? FlushOutcome() : FlushOutcome(remainingCount: session.flush())
  }
}

extension BrokerEndpoint {
  mutating func prepareToWait() { session.prepareToPark() }
  mutating func cancelWait() { session.cancelPark() }
  mutating func wait(timeoutNanoseconds: Int64) { session.park(timeoutNanoseconds: timeoutNanoseconds) }
}

extension BrokerEndpoint: BelledEndpoint {
  mutating func wait(or bell: Doorbell, _ ticket: Doorbell.Ticket, timeoutNanoseconds: Int64) {
    session.park(or: bell, ticket, timeoutNanoseconds: timeoutNanoseconds)
  }
}
