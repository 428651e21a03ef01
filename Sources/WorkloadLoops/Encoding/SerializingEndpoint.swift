public import DriverInterface
public import Histograms
public import Platform

/// An end whose bodies travel encoded: it encodes what is sent and decodes what is received, so that the loops, which know nothing of
/// it, verify numbers, order and checksums of what was decoded.
///
/// A batch is decoded when it is received: a message has not arrived before it can be read. Of every 16th message the time is taken.
@frozen
public struct SerializingEndpoint<Base: WaitingEndpoint & ~Copyable, Time: TimeSource>: ~Copyable {
  @usableFromInline var base: Base
  @usableFromInline var encoder: BodyEncoder
  @usableFromInline var decoder: BodyDecoder
  @usableFromInline let time: Time
  @usableFromInline let meters: WorkerMeters
  @usableFromInline var encodeTime: HistogramRecorder.Writer
  @usableFromInline var decodeTime: HistogramRecorder.Writer
  @usableFromInline var encodingTurns = SampleTurns()
  @usableFromInline var decodingTurns = SampleTurns()
  /// Bytes of each body of the current batch.
  @usableFromInline var byteCounts: [Int]

  /// An end that sends with the encoder and receives with the decoder, and counts in `meters`, which have `encoding`.
  public init(
    _ base: consuming Base, encoder: consuming BodyEncoder, decoder: consuming BodyDecoder, time: Time,
    meters: WorkerMeters
  ) {
    guard let encoding = meters.encoding else { preconditionFailure("what encodes has meters for it") }
    byteCounts = Array(repeating: 0, count: decoder.batchLimit)
    self.base = base
    self.encoder = encoder
    self.decoder = decoder
    self.time = time
    self.meters = meters
    encodeTime = encoding.encodeTime.makeWriter()
    decodeTime = encoding.decodeTime.makeWriter()
  }

  /// What becomes of a body.
  @inlinable
  mutating func encoded(_ body: MessageBody, as encoding: Int) -> MessageBody {
    let isSample = encodingTurns.next()
    let start = isSample ? time.now() : 0
    do {
      let encoded = try encoder.encode(body, as: encoding)
      if isSample { encodeTime.record(time.now() &- start) }
      return encoded
    } catch {
      // The driver tries each encoding before anything runs.
      preconditionFailure("a body of \(body.count) bytes cannot be encoded: \(error)")
    }
  }

  @inlinable
  func count(_ encoded: MessageBody) {
    meters.add(1, to: .encoded)
    meters.add(encoded.count - PayloadEncoding.markByteCount, to: .encodedBytes)
  }

  @inlinable
  mutating func decode(_ encoded: MessageBody, at index: Int) {
    let isSample = decodingTurns.next()
    let start = isSample ? time.now() : 0
    byteCounts[index] = decoder.decode(encoded, at: index)
    if isSample { decodeTime.record(time.now() &- start) }
  }

  @inlinable
  public mutating func prepareToWait() { base.prepareToWait() }
  @inlinable
  public mutating func cancelWait() { base.cancelWait() }
  @inlinable
  public mutating func wait(timeoutNanoseconds: Int64) { base.wait(timeoutNanoseconds: timeoutNanoseconds) }
}

extension SerializingEndpoint: WaitingEndpoint where Base: ~Copyable {}

extension SerializingEndpoint: MessageSender where Base: MessageSender & ~Copyable {
  @inlinable
  public mutating func send(
    _ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8, now: Int64
  ) -> Bool {
    let encoded = encoded(body, as: 0)
    guard base.send(encoded, route: route, correlation: correlation, priority: priority, now: now) else { return false }
    count(encoded)
    return true
  }

  @inlinable
  public mutating func flush(now: Int64) -> FlushOutcome { base.flush(now: now) }

  @inlinable
  public mutating func confirmedCount() -> UInt64 { base.confirmedCount() }
}

extension SerializingEndpoint: MessageReceiver where Base: MessageReceiver & ~Copyable {
  @inlinable
  public mutating func receive(limit: Int, now: Int64) -> Int {
    let count = base.receive(limit: min(limit, decoder.batchLimit), now: now)
    for index in 0..<count { decode(base.message(at: index).body, at: index) }
    return count
  }

  @inlinable
  public func message(at index: Int) -> ReceivedMessage {
    var message = base.message(at: index)
    message.body = decoder.body(at: index, byteCount: byteCounts[index])
    return message
  }

  @inlinable
  public mutating func acknowledge(_ tag: UInt64, multiple: Bool, now: Int64) {
    base.acknowledge(tag, multiple: multiple, now: now)
  }

  @inlinable
  public mutating func refuse(_ tag: UInt64, requeue: Bool, now: Int64) {
    base.refuse(tag, requeue: requeue, now: now)
  }
}

extension SerializingEndpoint: ReplyingReceiver where Base: ReplyingReceiver & ~Copyable {
  @inlinable
  public mutating func reply(to message: ReceivedMessage, with body: MessageBody, now: Int64) -> Bool {
    let encoded = encoded(body, as: decoder.encodingIndex(of: message.body))
    guard base.reply(to: message, with: encoded, now: now) else { return false }
    count(encoded)
    return true
  }

  @inlinable
  public mutating func flushReplies(now: Int64) -> FlushOutcome { base.flushReplies(now: now) }
}
