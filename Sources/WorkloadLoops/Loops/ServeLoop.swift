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
    while !phase.isReceivingOver {
      if step(phase, &idler) { idler.found(on: &endpoint) } else { idler.nothing(on: &endpoint) }
    }
    idler.found(on: &endpoint)
    takeLeftovers()
  }

  /// Serves at most one batch; returns whether there was one.
  @inlinable @inline(__always)
  mutating func step(_ phase: PhaseControl, _ idler: inout Idler<Wait>) -> Bool {
    // The subject needs no time stamp from a look that finds nothing, and the clock would cost more than the look.
    let count = endpoint.receive(limit: batchCount, now: 0)
    guard count > 0 else { return false }
    let now = time.now()
    endpoint.received(now: now)
    var byteCount = 0
    var servedCount = 0
    while servedCount < count {
      if !handler.isIdle, phase.isReceivingOver {
        leave(servedCount..<count, now)
        break
      }
      let message = endpoint.message(at: servedCount)
      byteCount &+= message.body.count
      servedCount &+= 1
      if let stamp = verifiedStamp(of: message) {
        if !handler.isIdle { handler.handle(message.body, stamp.number, time: time, during: phase) }
        while !endpoint.reply(to: message, with: message.body, now: now) {
          guard flush(now, phase, &idler) else {
            leave(servedCount &- 1..<count, now)
            return true
          }
        }
      } else {
        noteCorruption(message)
      }
      endpoint.acknowledge(message.tag, multiple: false, now: now)
    }
    _ = flush(now, phase, &idler)
    meters.add(servedCount, to: .received)
    meters.add(byteCount, to: .receivedBytes)
    meters.add(1, to: .batches)
    return true
  }

  /// The stamp of a request that passes its check.
  @inlinable @inline(__always)
  func verifiedStamp(of message: ReceivedMessage) -> MessageStamp? {
    guard let stamp = MessageStamp(of: message.body, checksPayload: checksPayload),
      !sizes.contradict(message.body.count, of: stamp.number)
    else { return nil }
    return stamp
  }

  /// Takes away the requests that nobody waits for when the phase is over, so that the next one does not get them.
  @usableFromInline @inline(never)
  mutating func takeLeftovers() {
    while true {
      let count = endpoint.receive(limit: batchCount, now: 0)
      guard count > 0 else { return }
      let now = time.now()
      endpoint.received(now: now)
      leave(0..<count, now)
    }
  }

  /// Leaves these requests of the current batch without a reply.
  @usableFromInline @inline(never)
  mutating func leave(_ indices: Range<Int>, _ now: Int64) {
    for index in indices {
      let message = endpoint.message(at: index)
      if verifiedStamp(of: message) == nil { noteCorruption(message) }
      endpoint.acknowledge(message.tag, multiple: false, now: now)
    }
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
