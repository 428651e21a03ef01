import RingBuffers

extension SteppedProgram<RingOperation> {
  /// Claim two, publish, push one, `singles` times.
  static func pushing<Producer: RingProducer & ~Copyable>(
    _ producer: consuming Producer, singles: Int, thread: Int, clock: HistoryClock
  ) -> SteppedProgram where Producer.Element == UInt64 {
    let end = Shared(producer)
    let first = UInt64(thread) * 100
    var claimed: [UInt64] = []
    let push: (UInt64) -> (inout HistoryLog<RingOperation>) -> Void = { number in
      { log in
        let begin = log.clock.stamp()
        log.record(since: begin, [end.value.tryPush(first + number) ? .pushed(first + number) : .refused])
      }
    }
    return SteppedProgram(
      thread: thread, clock: clock,
      [
        { log in
          end.begin = log.clock.stamp()
          claimed = (0..<UInt64(end.value.claim(upTo: 2))).map { first + $0 }
          for (index, number) in claimed.enumerated() { end.value.write(number, at: index) }
          if claimed.isEmpty { log.record(since: end.begin, [.refused]) }
        },
        { log in
          guard !claimed.isEmpty else { return }
          end.value.publish()
          log.record(since: end.begin, claimed.map { .pushed($0) })
        },
      ] + (0..<UInt64(singles)).map { push(2 + $0) })
  }

  /// Take two, release, pop one, `singles` times.
  static func popping<Consumer: RingConsumer & ~Copyable>(
    _ consumer: consuming Consumer, singles: Int, thread: Int, clock: HistoryClock
  ) -> SteppedProgram where Consumer.Element == UInt64 {
    let end = Shared(consumer)
    var taken: [UInt64] = []
    let pop: (inout HistoryLog<RingOperation>) -> Void = { log in
      let begin = log.clock.stamp()
      log.record(since: begin, [end.value.tryPop().map { .popped($0) } ?? .foundNothing])
    }
    return SteppedProgram(
      thread: thread, clock: clock,
      [
        { log in
          end.begin = log.clock.stamp()
          taken = (0..<end.value.take(upTo: 2)).map { end.value.element(at: $0) }
          if taken.isEmpty { log.record(since: end.begin, [.foundNothing]) }
        },
        { log in
          guard !taken.isEmpty else { return }
          end.value.release()
          log.record(since: end.begin, taken.map { .popped($0) })
        },
      ] + Array(repeating: pop, count: singles))
  }
}
