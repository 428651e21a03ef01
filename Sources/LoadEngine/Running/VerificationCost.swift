import DriverInterface
import Platform
import WorkloadLoops

/// What the verification itself costs, so that it can be judged beside the figures that it is part of.
enum VerificationCost {
  /// Nanoseconds per message, measured alone on this thread with everything in the cache: stamping and checksumming on the
  /// sending side, checking and accounting on the receiving side. A few milliseconds of work, whatever the size.
  static func measure(payloadByteCount: Int, checksPayload: Bool, time: CycleCounter) -> Double {
    let count = max(1, min(20_000, (4 << 20) / payloadByteCount))
    var stamper = MessageStamper(byteCount: payloadByteCount, checksPayload: checksPayload, seed: 1)
    let findings = FindingLog()
    let ledger = SequenceLedger(
      name: "verification cost", streams: [0], streamCount: 1, underWayLimit: 1, isShared: false)
    var tracker = SequenceTracker(ledger: ledger, checksOrder: true, findings: findings)
    var best = Int64.max
    for round in 0..<5 {
      let start = time.now()
      for index in 0..<count {
        let number = SequenceNumber(stream: 0, sequence: UInt64(round * count + index))
        let body = stamper.stamp(MessageStamp(number: number, intendedNanoseconds: start, sentNanoseconds: start))
        if let stamp = MessageStamp(of: body, checksPayload: checksPayload) {
          tracker.record(stamp.number, isRedelivered: false)
        }
      }
      best = min(best, time.now() - start)
    }
    return Double(best) / Double(count)
  }
}
