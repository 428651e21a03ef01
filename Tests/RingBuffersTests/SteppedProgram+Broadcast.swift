import RingBuffers

extension SteppedProgram<BroadcastOperation> {
  /// Push one, claim two, publish, push one.
  static func pushing(_ producer: consuming BroadcastRing<UInt64>.Producer, laps: Bool, clock: HistoryClock)
    -> SteppedProgram
  {
    let end = Shared(producer)
    var next: UInt64 = 0
    var claimed: [UInt64] = []
    let push: (inout HistoryLog<BroadcastOperation>) -> Void = { log in
      let begin = log.clock.stamp()
      guard end.value.tryPush(next) else { return log.record(since: begin, [.refused]) }
      log.record(since: begin, (laps ? [.announced(1)] : []) + [.pushed(next)])
      next += 1
    }
    return SteppedProgram(
      thread: 0, clock: clock,
      [
        push,
        { log in
          end.begin = log.clock.stamp()
          claimed = (0..<UInt64(end.value.claim(upTo: 2))).map { next + $0 }
          for (index, number) in claimed.enumerated() { end.value.write(number, at: index) }
          if claimed.isEmpty { log.record(since: end.begin, [.refused]) }
        },
        { log in
          guard !claimed.isEmpty else { return }
          end.value.publish()
          next += UInt64(claimed.count)
          log.record(since: end.begin, (laps ? [.announced(claimed.count)] : []) + claimed.map { .pushed($0) })
        },
        push,
      ])
  }

  /// Pop one, take two, release. What a reader took it keeps, whatever the producer does before the release.
  static func reading(_ reader: consuming BroadcastRing<UInt64>.Reader, number: Int, clock: HistoryClock)
    -> SteppedProgram
  {
    let end = Shared(reader)
    var taken: [BroadcastOperation] = []
    var missedCount: UInt64 = 0
    func found(_ values: [UInt64]) -> [BroadcastOperation] {
      let missed = end.value.missedCount - missedCount
      missedCount += missed
      return (missed > 0 ? [.missed(reader: number, missed)] : [])
        + (values.isEmpty ? [.foundNothing(reader: number)] : values.map { .popped(reader: number, $0) })
    }
    let pop: (inout HistoryLog<BroadcastOperation>) -> Void = { log in
      let begin = log.clock.stamp()
      log.record(since: begin, found(end.value.tryPop().map { [$0] } ?? []))
    }
    return SteppedProgram(
      thread: 1 + number, clock: clock,
      [
        pop,
        { log in
          end.begin = log.clock.stamp()
          let count = end.value.take(upTo: 2)
          taken = found((0..<count).map { end.value.element(at: $0) })
        },
        { log in
          end.value.release()
          log.record(since: end.begin, taken)
        },
      ])
  }
}
