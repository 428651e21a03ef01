import RingBuffers

extension SteppedProgram<RecordOperation> {
  /// A record of each size: claimed in one step, written and published in the next.
  static func writing(_ sizes: [Int], to producer: consuming ByteRing.Producer, clock: HistoryClock) -> SteppedProgram {
    let end = Shared(producer)
    var number: UInt64 = 0
    var isGranted = false
    return SteppedProgram(
      thread: 0, clock: clock,
      sizes.flatMap { size -> [(inout HistoryLog<RecordOperation>) -> Void] in
        [
          { log in
            end.begin = log.clock.stamp()
            isGranted = end.value.claim(byteCount: size) == .granted
            if !isGranted { log.record(since: end.begin, [.refused(byteCount: size)]) }
          },
          { log in
            guard isGranted else { return }
            end.value.withClaimedBytes { RecordPusher.fill(&$0, number: number) }
            end.value.publish()
            log.record(since: end.begin, [.pushed(number, byteCount: size)])
            number += 1
          },
        ]
      })
  }

  /// Read and release in turn, so often.
  static func reading(_ count: Int, from consumer: consuming ByteRing.Consumer, clock: HistoryClock) -> SteppedProgram {
    let end = Shared(consumer)
    var number: UInt64 = 0
    return SteppedProgram(
      thread: 1, clock: clock,
      (0..<count).flatMap { _ -> [(inout HistoryLog<RecordOperation>) -> Void] in
        [
          { log in
            let begin = log.clock.stamp()
            let found = RecordPopper.next(of: &end.value, number: number)
            if let found, case .popped = found { number += 1 }
            log.record(since: begin, [found ?? .foundNothing])
          },
          { log in
            let begin = log.clock.stamp()
            end.value.release()
            log.record(since: begin, [.released])
          },
        ]
      })
  }
}
