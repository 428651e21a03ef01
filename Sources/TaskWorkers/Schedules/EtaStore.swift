public import DriverInterface
public import Timers

/// Messages that wait for their moment: what a keeper of ETAs holds, outside of the workers, so that a million tasks for tomorrow fill
/// no prefetch window.
///
/// A value without end points and clock. The keeper gives it messages with `hold`, and after `advance(to:)` asks `nextDue` for one after
/// the other, each to be answered: `published` forgets it, `refused` keeps it because its destination has no room. A destination
/// that refused is left alone until the next `advance(to:)`; the others go on.
///
/// Roles: owned by one thread. Moments are nanoseconds since any origin, the owner's.
/// Cost: O(1) per message and nothing allocated while their number stays what it was. 40 bytes more than the message's own, rounded to
/// a block of `BlockMemory`; memory goes back to the system when a storm is over.
/// Limits: the number of messages and their bytes; `refusedCount` counts what found no room.
///
/// Promises
/// - Never early, and at most one `resolution` late if time is advanced that often and there is room.
/// - For each destination in the order of their moments, equal ones as they came; one that was held after its moment comes after those
///   that were due before.
@safe
public struct EtaStore: ~Copyable, Sendable {
  /// Names a message that was held.
  public typealias Key = TimingWheel.Handle

  /// A message whose moment has come. Its bytes are valid until it is answered.
  public struct DueMessage: Sendable {
    /// When it was meant to be published.
    public let moment: Int64
    /// Where to, as given to `hold`.
    public let destination: UInt32
    /// Its bytes.
    public let body: MessageBody
  }

  /// The most destinations there can be; numbers begin with 0.
  public static let destinationLimit: UInt32 = 1 << 16

  /// How many messages there are, due ones included.
  public var count: Int { wheel.count + lines.count }
  /// How many of them are due and were refused by their destination.
  public var waitingCount: Int { lines.count }
  /// How many messages were not held because of a limit.
  public private(set) var refusedCount = 0
  /// Bytes of memory for all of it.
  public var byteCountMapped: Int { wheel.byteCountMapped + records.byteCountMapped + lines.byteCountMapped }

  private var wheel: TimingWheel
  private var records: EtaRecords
  private var lines: EtaLines
  private var offer = Offer.none

  /// What the owner was asked to publish, and where it is.
  private enum Offer: Equatable {
    case none
    case fromWheel(EtaRecords.Reference)
    case fromLine(EtaRecords.Reference)
  }

  /// A store without messages.
  /// - Parameters:
  ///   - now: The present moment.
  ///   - countLimit: The most messages, from 1 to 2³⁰; four million by default.
  ///   - byteLimit: The most bytes of blocks for messages, from 256 KiB to 64 GiB; 1 GiB by default.
  ///   - resolution: In nanoseconds, taken down to a power of two; half a millisecond by default.
  public init(now: Int64, countLimit: Int = 1 << 22, byteLimit: Int = 1 << 30, resolution: Int64 = 1 << 19) {
    wheel = TimingWheel(now: now, resolution: resolution, countLimit: countLimit)
    records = EtaRecords(byteLimit: byteLimit)
    lines = EtaLines(countLimit: countLimit)
  }

  /// Keeps a copy of a message until its moment, which may be past; nil when a limit is reached.
  public mutating func hold(_ body: MessageBody, destination: UInt32, due moment: Int64) -> Key? {
    precondition(destination < Self.destinationLimit, "destinations are under 65536, got \(destination)")
    guard let record = records.add(body, destination: destination) else {
      refusedCount += 1
      return nil
    }
    // The wheel's own limit does not know of those that wait in lines.
    guard count < wheel.countLimit, let key = wheel.insert(UInt64(record), at: moment) else {
      records.remove(record)
      refusedCount += 1
      return nil
    }
    return key
  }

  /// Forgets a message.
  /// - Returns: false when it was published or forgotten before, or is due and waits for room: then it will be published.
  public mutating func cancel(_ key: Key) -> Bool {
    precondition(offer == .none, "the message that is due was not answered yet")
    guard let record = wheel.cancel(key) else { return false }
    records.remove(EtaRecords.Reference(record))
    return true
  }

  /// Tells what time it is; destinations that refused may be asked again.
  /// - Returns: whether something is due.
  @discardableResult
  public mutating func advance(to now: Int64) -> Bool {
    lines.beginPass()
    return wheel.advance(to: now) || lines.count > 0
  }

  /// The next message to publish, nil when there is none for now. Answer it with `published` or `refused` before any other call.
  public mutating func nextDue() -> DueMessage? {
    precondition(offer == .none, "the message that is due was not answered yet")
    if let waiting = lines.next() {
      offer = .fromLine(waiting.record)
      return message(waiting.record, moment: waiting.moment)
    }
    while let due = wheel.firstDue() {
      let record = EtaRecords.Reference(due.payload)
      guard lines.isEmpty(records.destination(of: record)) else {
        // Behind those that its destination refused before.
        moveToLine(record)
        continue
      }
      offer = .fromWheel(record)
      return message(record, moment: due.moment)
    }
    return nil
  }

  /// The message of `nextDue` was published.
  public mutating func published() {
    switch offer {
    case .none: preconditionFailure("no message was due")
    case .fromWheel(let record):
      takeFromWheel(record)
      records.remove(record)
    case .fromLine(let record):
      lines.removeNext()
      records.remove(record)
    }
    offer = .none
  }

  /// The destination of the message of `nextDue` has no room: keep the message until then.
  public mutating func refused() {
    switch offer {
    case .none: preconditionFailure("no message was due")
    case .fromWheel(let record): moveToLine(record)
    case .fromLine: lines.passNext()
    }
    offer = .none
  }

  /// When to advance next; nil when no moment is ahead. Messages that wait for room do not count: their destination decides.
  ///
  /// Not after the present when something is due; else exact, or a little before when it is far (see `TimingWheel.nextMoment`).
  public var nextMoment: Int64? { wheel.nextMoment }

  /// Up to `limit` of the messages whose moment is ahead, about the next ones, in the order of their moments; valid until anything changes.
  public func pending(limit: Int) -> [DueMessage] {
    wheel.pending(limit: limit).map { message(EtaRecords.Reference($0.payload), moment: $0.moment) }
  }

  /// Gives back all memory that holds no message. What happens without it leaves up to an eighth.
  public mutating func trim() {
    wheel.trim()
    records.trim()
    lines.trim()
  }

  private func message(_ record: EtaRecords.Reference, moment: Int64) -> DueMessage {
    DueMessage(moment: moment, destination: records.destination(of: record), body: records.body(of: record))
  }

  private mutating func moveToLine(_ record: EtaRecords.Reference) {
    let moment = takeFromWheel(record)
    lines.append(record, moment: moment, destination: records.destination(of: record))
  }

  @discardableResult
  private mutating func takeFromWheel(_ record: EtaRecords.Reference) -> Int64 {
    guard let due = wheel.takeDue(), due.payload == UInt64(record) else {
      preconditionFailure("another message is first")
    }
    return due.moment
  }
}
