import DriverInterface
import Platform
import RingBuffers

/// A ring's producer end in the harness's terms.
struct RingSendingEnd<Producer: RingProducer & ~Copyable>: ~Copyable {
  private var producer: Producer
  private var nap = DoorbellNap()
  /// Where the ring lies, if that is not its own memory.
  private let memory: SharedMemory?

  init(_ producer: consuming Producer, keeping memory: SharedMemory?) {
    self.producer = producer
    self.memory = memory
  }
}

extension RingSendingEnd: RingSender where Producer: ~Copyable {
  typealias Item = Producer.Element

  @inline(__always)
  mutating func tryPush(_ item: Item) -> Bool { producer.tryPush(item) }
  @inline(__always)
  mutating func pushEach(_ count: Int, making item: (Int) -> Item) -> Int { producer.pushEach(count, making: item) }
  @inline(__always)
  mutating func pushLazily(_ count: Int, making item: (Int) -> Item) -> Int { producer.pushLazily(count, making: item) }
  @inline(__always)
  mutating func flush() { producer.flush() }
  @inline(__always)
  mutating func claim(upTo count: Int) -> Int { producer.claim(upTo: count) }
  @inline(__always)
  mutating func write(_ item: Item, at index: Int) { producer.write(item, at: index) }
  @inline(__always)
  mutating func publish() { producer.publish() }
  @inline(__always)
  mutating func notify() { producer.wakeConsumers(1) }

  mutating func prepareToWait() { nap.prepare(at: producer.spaceDoorbell) }
  mutating func cancelWait() { nap.cancel(at: producer.spaceDoorbell) }
  mutating func wait(timeoutNanoseconds: Int64) {
    nap.take(at: producer.spaceDoorbell, timeoutNanoseconds: timeoutNanoseconds)
  }
}

/// A ring's consumer end in the harness's terms.
struct RingReceivingEnd<Consumer: RingConsumer & ~Copyable>: ~Copyable {
  private var consumer: Consumer
  private var nap = DoorbellNap()
  /// Where the ring lies, if that is not its own memory.
  private let memory: SharedMemory?

  init(_ consumer: consuming Consumer, keeping memory: SharedMemory?) {
    self.consumer = consumer
    self.memory = memory
  }
}

extension RingReceivingEnd: RingReceiver where Consumer: ~Copyable {
  typealias Item = Consumer.Element

  @inline(__always)
  mutating func tryPop() -> Item? { consumer.tryPop() }
  @inline(__always)
  mutating func popEach(upTo limit: Int, while body: (Item) -> Bool) -> Int {
    consumer.popEach(upTo: limit, while: body)
  }
  @inline(__always)
  mutating func popLazily(upTo limit: Int, while body: (Item) -> Bool) -> Int {
    consumer.popLazily(upTo: limit, while: body)
  }
  @inline(__always)
  mutating func take(upTo count: Int) -> Int { consumer.take(upTo: count) }
  @inline(__always)
  func element(at index: Int) -> Item { consumer.element(at: index) }
  @inline(__always)
  mutating func release() { consumer.release() }
  var missedCount: UInt64 {
    @inline(__always) get { consumer.missedCount }
  }
  @inline(__always)
  mutating func notify() { consumer.wakeProducers(1) }

  mutating func prepareToWait() { nap.prepare(at: consumer.itemDoorbell) }
  mutating func cancelWait() { nap.cancel(at: consumer.itemDoorbell) }
  mutating func wait(timeoutNanoseconds: Int64) {
    nap.take(at: consumer.itemDoorbell, timeoutNanoseconds: timeoutNanoseconds)
  }
}
