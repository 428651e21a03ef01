import Distributions
import Platform
import RingBuffers
import Synchronization
import Testing

/// Bodies written by producers and checked by consumers: a block that is in two hands at once shows as a wrong body.
@Suite struct PayloadPoolStressTests {
  struct Message: BitwiseCopyable, Sendable {
    var handle: PayloadPool.Handle
    var byteCount: UInt32
    var seed: UInt64
    var references: UInt64
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [(1, 1), (2, 2)])
  func bodiesArriveWholeAcrossThreads(seed: UInt64, shape: (producers: Int, consumers: Int)) throws {
    let pool = PayloadPool(byteLimit: 2 << 20, returnRingCapacity: 32)
    let ring = ManyToManyRing<Message>(capacity: 256)
    let wrong = Atomic<Int>(0)
    let received = Atomic<Int>(0)
    let running = Atomic<Int>(shape.producers)
    let perProducer = 3_000
    try concurrently(shape.producers + shape.consumers) { index in
      var random = SplitMix64(seed: seed &+ UInt64(index) &* 1_000)
      if index < shape.producers {
        var producer = ring.makeProducer()
        var patience = Patience()
        var sent = 0
        // Owners come and go while their blocks are still out.
        while sent < perProducer {
          var owner = pool.makeOwner()
          for _ in 0..<min(1 + random.below(400), perProducer - sent) {
            guard send(from: &owner, through: &producer, &random, &patience, pool) else { return ring.close() }
            sent += 1
          }
        }
        if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ring.close() }
      } else {
        var consumer = ring.makeConsumer()
        var returner = pool.makeReturner()
        var strategy = Yielding()
        while true {
          let count = consumer.take(upTo: 1 + random.below(16), waiting: &strategy)
          if count == 0 { break }
          for slot in 0..<count {
            let message = consumer.element(at: slot)
            if !isIntact(message, pool) { wrong.wrappingAdd(1, ordering: .relaxed) }
            // The second reference is a second message: whoever drops the last one frees the block.
            returner.release(message.handle)
          }
          consumer.release()
          returner.flush()
          received.wrappingAdd(count, ordering: .relaxed)
        }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0, "seed \(seed)")
    #expect(received.load(ordering: .relaxed) >= perProducer * shape.producers, "seed \(seed)")
    #expect(pool.byteCountInUse == 0, "seed \(seed)")
  }

  /// Writes one body and sends one message per reference to it; false when the pool stayed exhausted.
  private func send(
    from owner: inout PayloadPool.Owner, through producer: inout ManyToManyRing<Message>.Producer,
    _ random: inout SplitMix64, _ patience: inout Patience, _ pool: PayloadPool
  ) -> Bool {
    let byteCount = 8 + random.below(random.below(20) == 0 ? 5_000 : 300)
    var handle: PayloadPool.Handle = 0
    while true {
      if let block = try? owner.allocate(byteCount: byteCount) {
        handle = block
        break
      }
      guard patience.wait() else { return false }
    }
    let seed = random.next()
    let words = unsafe pool.bytes(of: handle).assumingMemoryBound(to: UInt64.self)
    for word in 0..<byteCount / 8 { unsafe words[word] = seed &+ UInt64(word) }
    let references = random.below(5) == 0 ? 1 + random.below(3) : 1
    pool.retain(handle, count: references - 1)
    var strategy = Yielding()
    for _ in 0..<references {
      let message = Message(
        handle: handle, byteCount: UInt32(byteCount), seed: seed, references: UInt64(references))
      guard producer.push(message, waiting: &strategy) else { return false }
    }
    return true
  }

  private func isIntact(_ message: Message, _ pool: PayloadPool) -> Bool {
    let words = unsafe pool.bytes(of: message.handle).assumingMemoryBound(to: UInt64.self)
    return (0..<Int(message.byteCount) / 8).allSatisfy { unsafe words[$0] == message.seed &+ UInt64($0) }
  }
}
