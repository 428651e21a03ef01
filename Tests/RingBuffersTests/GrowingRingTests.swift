import RingBuffers
import Testing

@Suite struct GrowingRingTests {
  typealias Ring = GrowingRing<UInt64>

  /// What can happen to a ring with two ends of each kind. `hold` leaves a batch unreleased, so that its slots stay in use.
  enum Step: CaseIterable {
    case push, claimByOther, pop, popByOther, hold, release, trim, close
  }

  /// Every sequence of five steps after each fill level of tiny segments, compared with an array after each step.
  @Test(arguments: [(1, 1...1), (3, 1...2)])
  func everyShortHistoryAgreesWithAnArray(limit: Int, capacities: ClosedRange<Int>) {
    let count = Step.allCases.count
    for fill in 0...limit {
      for world in 0..<(count * count * count * count * count) {
        var code = world
        var steps: [Step] = []
        for _ in 0..<5 {
          steps.append(Step.allCases[code % count])
          code /= count
        }
        // A batch is held by one `take` and let go by one `release`.
        guard Self.isPossible(steps) else { continue }
        var run = SmallRun(limit: limit, capacities: capacities)
        for _ in 0..<fill { run.play(.push) }
        for step in steps { run.play(step) }
        #expect(run.complaint == nil, "limit \(limit), \(fill) pushed, \(steps)")
      }
    }
  }

  static func isPossible(_ steps: [Step]) -> Bool {
    var isHeld = false
    for step in steps {
      if step == .hold || step == .release {
        guard isHeld == (step == .release) else { return false }
        isHeld.toggle()
      }
    }
    return true
  }

  struct SmallRun: ~Copyable {
    let limit: Int
    let ring: Ring
    var first: Ring.Producer
    /// Made when it is first used: until then the first one is alone, and moves the tail without a compare-and-swap.
    var second: Ring.Producer?
    var third: Ring.Consumer
    var fourth: Ring.Consumer
    var holder: Ring.Consumer
    var model: [UInt64] = []
    var pushed: UInt64 = 0
    var popped: UInt64 = 0
    var isClosed = false
    var complaint: String?

    init(limit: Int, capacities: ClosedRange<Int>) {
      self.limit = limit
      ring = Ring(lengthLimit: limit, capacities: capacities)
      first = ring.makeProducer()
      third = ring.makeConsumer()
      fourth = ring.makeConsumer()
      holder = ring.makeConsumer()
    }

    mutating func expect(_ condition: Bool, _ text: String) {
      if !condition && complaint == nil { complaint = "\(text), model \(model)" }
    }

    var room: Int { isClosed ? 0 : limit - model.count }

    mutating func play(_ step: Step) {
      switch step {
      case .push:
        let done = first.tryPush(pushed)
        expect(done == (room > 0), "push said \(done)")
        if done { book(1) }
      case .claimByOther:
        var end = second.take() ?? ring.makeProducer()
        let count = end.claim(upTo: 2)
        expect(count <= min(2, room) && (count > 0) == (room > 0), "claimed \(count) of \(room)")
        for index in 0..<count { end.write(pushed + UInt64(index), at: index) }
        end.publish()
        second = consume end
        book(count)
      case .pop:
        let element = third.tryPop()
        expect(element == model.first, "popped \(element as Any)")
        if element != nil { forget(1) }
      case .popByOther:
        let count = fourth.take(upTo: 2)
        check(count, (0..<count).map { (fourth.element(at: $0), fourth.position(of: $0)) })
        fourth.release()
      case .hold:
        let count = holder.take(upTo: 2)
        check(count, (0..<count).map { (holder.element(at: $0), holder.position(of: $0)) })
      case .release: holder.release()
      case .trim: ring.trim()
      case .close:
        ring.close()
        isClosed = true
      }
      expect(ring.count == model.count && first.currentCount() == model.count, "count \(ring.count)")
      expect(ring.isFinished == (isClosed && model.isEmpty), "finished: \(ring.isFinished)")
      expect(first.isClosed == isClosed && third.isClosed == isClosed, "closed: \(first.isClosed)")
    }

    private mutating func book(_ count: Int) {
      for _ in 0..<count {
        model.append(pushed)
        pushed += 1
      }
    }

    private mutating func check(_ count: Int, _ taken: [(element: UInt64, position: UInt64)]) {
      expect(count <= min(2, model.count) && (count > 0) == !model.isEmpty, "took \(count)")
      for (index, found) in taken.enumerated() where index < model.count {
        expect(found.element == model[index], "took \(found.element)")
        expect(found.position == popped + UInt64(index), "position \(found.position)")
      }
      forget(min(count, model.count))
    }

    private mutating func forget(_ count: Int) {
      model.removeFirst(count)
      popped += UInt64(count)
    }
  }

  @Test func shortQueueStaysInItsFirstSegment() {
    let ring = Ring(lengthLimit: 1_000_000)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<10_000 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      let popped = consumer.tryPop()
      #expect(pushed && popped == value)
    }
    #expect(ring.byteCount == Ring.smallestByteCount)
    #expect(ring.byteCount < 4096)
  }

  @Test func longQueueTakesAsMuchMemoryAsItsLengthNeeds() {
    let ring = Ring(lengthLimit: 1_000_000)
    var producer = ring.makeProducer()
    for value in 0..<1_000_000 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      #expect(pushed)
    }
    let refused = producer.tryPush(0)
    #expect(!refused)
    #expect(ring.count == 1_000_000)
    // 16 bytes a slot, and the part of the last segment that is not used.
    #expect(ring.byteCount < 16 * (1_000_000 + 65_536) + 40 * 1024)
  }

  /// Ends that have not looked since hold one old segment each; those that look, and the ring itself, hold none.
  @Test func drainedQueueGivesItsMemoryBack() {
    let ring = Ring(lengthLimit: 1_000_000)
    var producer = ring.makeProducer()
    var idle = ring.makeConsumer()
    var consumer = ring.makeConsumer()
    for value in 0..<500_000 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      #expect(pushed)
    }
    for value in 0..<500_000 as Range<UInt64> {
      let popped = consumer.tryPop()
      #expect(popped == value)
    }
    for _ in 0...10 { ring.trim() }
    #expect(ring.byteCount < 3 * (1 << 20) + Ring.smallestByteCount)
    let nothing = (consumer.tryPop(), idle.tryPop())
    #expect(nothing.0 == nil && nothing.1 == nil)
    let pushed = producer.tryPush(7)
    let popped = idle.tryPop()
    #expect(pushed && popped == 7)
    // The first finds the last old segment unused, the second still so.
    for _ in 0..<2 { ring.trim() }
    #expect(ring.byteCount == Ring.smallestByteCount)
  }

  /// It used to shrink at the second look without a push or pop: every pause of a tenth of a second cost a growth after it.
  @Test func pauseOfLessThanASecondCostsNoGrowth() {
    let ring = Ring(lengthLimit: 10_000)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    // Twice, because the first time the segments before the last took a part.
    for _ in 0..<2 { fillAndDrain(5_000, &producer, &consumer) }
    ring.trim()
    let grown = ring.byteCount
    for _ in 0..<5 {
      for _ in 0..<9 { ring.trim() }
      #expect(ring.byteCount == grown)
      fillAndDrain(5_000, &producer, &consumer)
      ring.trim()
      #expect(ring.byteCount == grown)
    }
    for _ in 0..<10 { ring.trim() }
    fillAndDrain(1, &producer, &consumer)
    ring.trim()
    #expect(ring.byteCount == Ring.smallestByteCount)
  }

  /// A ring that is busy with a few elements shrinks too, but not at the first look; and later each time that this was wrong.
  @Test func busyRingShrinksWhenItStaysMostlyEmpty() {
    let ring = Ring(lengthLimit: 10_000)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for patience in [100, 200, 400, 800, 1_600, 3_200, 6_400, 6_400] {
      fillAndDrain(5_000, &producer, &consumer)
      ring.trim()
      let grown = ring.byteCount
      for look in 2...patience + 2 {
        fillAndDrain(1, &producer, &consumer)
        ring.trim()
        if look < patience { #expect(ring.byteCount > grown / 2, "look \(look) of \(patience)") }
      }
      #expect(ring.byteCount == Ring.smallestByteCount, "\(patience) looks")
    }
  }

  private func fillAndDrain(_ count: Int, _ producer: inout Ring.Producer, _ consumer: inout Ring.Consumer) {
    for value in 0..<UInt64(count) {
      let pushed = producer.tryPush(value)
      #expect(pushed)
    }
    for value in 0..<UInt64(count) {
      let popped = consumer.tryPop()
      #expect(popped == value)
    }
  }

  /// A queue that stays long moves through segments without end, and uses the memory of finished ones again.
  @Test func longQueueInMotionTakesNoMoreMemory() {
    let ring = Ring(lengthLimit: 100_000, capacities: 16...256)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for value in 0..<10_000 as Range<UInt64> { _ = producer.tryPush(value) }
    let filled = ring.byteCount
    for value in 10_000..<100_000 as Range<UInt64> {
      let pushed = producer.tryPush(value)
      let popped = consumer.tryPop()
      #expect(pushed && popped == value - 10_000)
    }
    #expect(ring.byteCount < filled + 3 * (1024 + 256 * 16))
  }
}
