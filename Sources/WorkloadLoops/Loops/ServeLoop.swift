public import DriverInterface
public import Platform

/// One server: takes requests, verifies and handles them, and sends each one's bytes back.
@frozen
public struct ServeLoop<Endpoint: ReplyingReceiver & ~Copyable, Wait: WaitStrategy, Time: TimeSource>: ~Copyable {
  @usableFromInline var endpoint: Endpoint
  @usableFromInline let wait: Wait
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline let handler: MessageHandler
  @usableFromInline let checksPayload: Bool
  @usableFromInline let batchCount: Int
  @usableFromInline let sizes: BodySizes
  /// What a simulated server has in hand.
  @usableFromInline var work = SimulatedWork()

  /// A server.
  public init(
    endpoint: consuming Endpoint, wait: Wait, time: Time, meters: WorkerMeters, handler: MessageHandler,
    checksPayload: Bool, batchCount: Int, sizes: BodySizes = .unknown
  ) {
    self.endpoint = endpoint
    self.wait = wait
    self.time = time
    self.meters = meters
    self.handler = handler
    self.checksPayload = checksPayload
    self.batchCount = batchCount
    self.sizes = sizes
  }

  /// Runs one phase on the calling thread.
  @inlinable
  public mutating func run(_ phase: PhaseControl) {
    var idler = Idler(wait)
    while true {
      if step(phase, &idler) {
        idler.found(on: &endpoint)
      } else {
        if phase.isReceivingOver { break }
        idler.nothing(on: &endpoint)
      }
    }
    idler.found(on: &endpoint)
  }

  /// Serves at most one batch; returns whether there was one.
  @inlinable @inline(__always)
  mutating func step(_ phase: PhaseControl, _ idler: inout Idler<Wait>) -> Bool {
    // The subject needs no time stamp from a look that finds nothing, and the clock would cost more than the look.
    let count = endpoint.receive(limit: batchCount, now: 0)
    guard count > 0 else { return false }
    let now = time.now()
    var byteCount = 0
    for index in 0..<count {
      let message = endpoint.message(at: index)
      byteCount &+= message.body.count
      guard let stamp = MessageStamp(of: message.body, checksPayload: checksPayload),
        !sizes.contradict(message.body.count, of: stamp.number)
      else {
        noteCorruption(message)
        endpoint.acknowledge(message.tag, multiple: false, now: now)
        continue
      }
      if !handler.isIdle { handler.handle(message.body, stamp.number, time: time) }
      while !endpoint.reply(to: message, with: message.body, now: now) {
        guard flush(now, phase, &idler) else { return true }
      }
      endpoint.acknowledge(message.tag, multiple: false, now: now)
    }
    _ = flush(now, phase, &idler)
    meters.add(count, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    return true
  }

  /// Hands the replies over, waiting for room if need be; false when nobody will make any.
  @inlinable @inline(__always)
  mutating func flush(_ now: Int64, _ phase: PhaseControl, _ idler: inout Idler<Wait>) -> Bool {
    while endpoint.flushReplies(now: now).remainingCount > 0 {
      meters.add(1, to: .fullWaits)
      if phase.isReceivingOver { return false }
      idler.nothing(on: &endpoint)
    }
    return true
  }

  @usableFromInline @inline(never)
  mutating func noteCorruption(_ message: ReceivedMessage) {
    meters.add(1, to: .corrupted)
    meters.findings.note(
      .corrupted, MessageStamp.claimedNumber(of: message.body),
      "fails its check (request with correlation id \(message.correlation))")
  }
}
