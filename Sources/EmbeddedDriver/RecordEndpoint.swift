import DriverInterface
import RingBuffers

/// A byte ring's producing end as a sender of messages: each body is a record of its own length.
struct RecordSendingEnd: ~Copyable {
  private var producer: ByteRing.Producer
  /// Whether the consumer may be parked and must be woken.
  private let notifies: Bool
  private var stagedCount = 0
  private var nap = DoorbellNap()

  init(_ producer: consuming ByteRing.Producer, notifies: Bool) {
    self.producer = producer
    self.notifies = notifies
  }
}

extension RecordSendingEnd: MessageSender {
  mutating func send(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64) -> Bool {
    guard producer.claim(byteCount: body.count) == .granted else { return false }
    unsafe producer.claimedBytes.copyMemory(from: body.bytes)
    producer.stage()
    stagedCount += 1
    return true
  }

  mutating func flush(now: Int64) -> FlushOutcome {
    producer.flush()
    if notifies { producer.wakeConsumers(1) }
    defer { stagedCount = 0 }
    return FlushOutcome(acceptedCount: stagedCount)
  }

  mutating func confirmedCount() -> UInt64 { 0 }
  mutating func prepareToWait() { nap.prepare(at: producer.spaceDoorbell) }
  mutating func cancelWait() { nap.cancel(at: producer.spaceDoorbell) }
  mutating func wait(timeoutNanoseconds: Int64) {
    nap.take(at: producer.spaceDoorbell, timeoutNanoseconds: timeoutNanoseconds)
  }
}

/// A byte ring's consuming end as a receiver of messages, which are read where they lie until the next look.
struct RecordReceivingEnd: ~Copyable {
  private var consumer: ByteRing.Consumer
  /// Whether the producer may be parked and must be woken.
  private let notifies: Bool
  private var batch: [MessageBody] = []
  private var nap = DoorbellNap()

  init(_ consumer: consuming ByteRing.Consumer, batchCount: Int, notifies: Bool) {
    self.consumer = consumer
    self.notifies = notifies
    batch.reserveCapacity(batchCount)
  }
}

extension RecordReceivingEnd: MessageReceiver {
  mutating func receive(limit: Int, now: Int64) -> Int {
    if !batch.isEmpty {
      batch.removeAll(keepingCapacity: true)
      consumer.release()
      if notifies { consumer.wakeProducers(1) }
    }
    while batch.count < limit, let record = unsafe consumer.next() {
      unsafe batch.append(MessageBody(start: record.baseAddress!, count: record.count))
    }
    return batch.count
  }

  func message(at index: Int) -> ReceivedMessage {
    ReceivedMessage(body: batch[index], tag: 0, correlation: 0, replyTo: 0, isRedelivered: false)
  }

  mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {}
  mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {}
  mutating func prepareToWait() { nap.prepare(at: consumer.itemDoorbell) }
  mutating func cancelWait() { nap.cancel(at: consumer.itemDoorbell) }
  mutating func wait(timeoutNanoseconds: Int64) {
    nap.take(at: consumer.itemDoorbell, timeoutNanoseconds: timeoutNanoseconds)
  }
}
