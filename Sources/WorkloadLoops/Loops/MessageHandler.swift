public import Distributions
public import DriverInterface
public import Platform

/// Spends each message's service time, drawn from its stream and sequence number, so that the work is the same under every
/// policy and needs no place in the message.
@frozen
public struct MessageHandler: Sendable {
  @usableFromInline let plan: HandlerPlan
  @usableFromInline let seed: UInt64
  /// By stream.
  @usableFromInline let serviceTimes: DistributionTable

  /// A handler.
  public init(plan: HandlerPlan, seed: UInt64, serviceTimes: [ValueDistribution]) {
    self.plan = plan
    self.seed = seed
    self.serviceTimes = DistributionTable(serviceTimes)
  }

  /// Whether there is anything to do.
  @inlinable @inline(__always)
  public var isIdle: Bool { plan.isIdle }

  /// Handles one message; one of a stream that does not exist is no work.
  @inlinable
  public func handle<Time: TimeSource>(_ body: MessageBody, _ number: SequenceNumber, time: Time) {
    guard number.stream < serviceTimes.count else { return }
    let start = time.now()
    let drawn = serviceTimes.value(
      of: number.stream, seed: seed, producer: UInt64(truncatingIfNeeded: number.stream), sequence: number.sequence)
    let end = start &+ Int64(Double(drawn) / plan.speed)
    switch plan.busy {
    case .sleep:
      PrecisionSleep.sleep(nanoseconds: end &- start)
    case .touch:
      touch(body)
      while time.now() < end { spinHint() }
    case .spin:
      while time.now() < end { spinHint() }
    }
  }

  @inlinable
  func touch(_ body: MessageBody) {
    var sum: UInt64 = 0
    var offset = 0
    while offset &+ 8 <= body.count {
      sum &+= body.word(at: offset)
      offset &+= 8
    }
    // A use that the optimiser cannot see through, so that the reading is not dropped.
    OpaqueSink.consume(sum)
  }
}

/// Where results go that nobody reads.
@usableFromInline
enum OpaqueSink {
  @usableFromInline @inline(never)
  static func consume(_ value: UInt64) {}
}
