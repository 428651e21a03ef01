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

  /// The longest sleep in one piece, in nanoseconds: how late it is noticed that the phase is over.
  @usableFromInline static var longestSleepNanoseconds: Int64 { @inlinable get { 5_000_000 } }

  /// Handles one message; one of a stream that does not exist is no work. Breaks off when the phase is over.
  @inlinable
  public func handle<Time: TimeSource>(
    _ body: MessageBody, _ number: SequenceNumber, time: Time, during phase: PhaseControl
  ) {
    guard number.stream < serviceTimes.count else { return }
    let start = time.now()
    let end = start &+ duration(of: number)
    switch plan.busy {
    case .sleep:
      var left = end &- start
      while left > 0, !phase.isReceivingOver {
        PrecisionSleep.sleep(nanoseconds: min(left, Self.longestSleepNanoseconds))
        // The last piece is slept once: what the clocks disagree by is not worth another sleep.
        left = left > Self.longestSleepNanoseconds ? end &- time.now() : 0
      }
    case .fibonacci(let number):
      OpaqueSink.consume(Self.fibonacci(number))
      while time.now() < end, !phase.isReceivingOver { spinHint() }
    case .touch:
      touch(body)
      while time.now() < end, !phase.isReceivingOver { spinHint() }
    case .spin:
      while time.now() < end, !phase.isReceivingOver { spinHint() }
    }
  }

  /// Handles several messages at once, whose bodies `prepare` has seen: spends the time of the one that takes longest.
  public func handle<Time: TimeSource>(
    longestOf numbers: [SequenceNumber], time: Time, during phase: PhaseControl
  ) {
    withLongest(of: numbers) { body, longest in handle(body, longest, time: time, during: phase) }
  }

  /// Lends the number of the message that takes longest, and a body without bytes in the place of all of theirs; not when there is none.
  func withLongest(of numbers: [SequenceNumber], _ use: (MessageBody, SequenceNumber) throws -> Void) rethrows {
    guard let longest = numbers.max(by: { duration(of: $0) < duration(of: $1) }) else { return }
    try unsafe withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { memory in
      let start = unsafe UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
      try use(unsafe MessageBody(start: start, count: 0), longest)
    }
  }

  /// Does to a body what the work does to each, however many are handled at once.
  public func prepare(_ body: MessageBody) {
    if plan.busy == .touch { touch(body) }
  }

  /// By the definition, on purpose: about 1.6^n calls.
  @usableFromInline @inline(never)
  static func fibonacci(_ number: Int) -> UInt64 {
    number < 2 ? UInt64(max(0, number)) : fibonacci(number - 1) &+ fibonacci(number - 2)
  }

  /// How long handling a message takes, in nanoseconds.
  @inlinable @inline(__always)
  func duration(of number: SequenceNumber) -> Int64 {
    guard number.stream < serviceTimes.count else { return 0 }
    let drawn = serviceTimes.value(
      of: number.stream, seed: seed, producer: UInt64(truncatingIfNeeded: number.stream), sequence: number.sequence)
    return Int64(Double(drawn) / plan.speed)
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
