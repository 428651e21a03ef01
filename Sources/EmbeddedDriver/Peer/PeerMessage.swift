import WorkloadLoops

/// What the near end tells the far end's process, one byte each. The rest is in the memory that they share.
enum PeerCommand: UInt8, CaseIterable {
  /// A phase begins in which items have times.
  case beginOpenLoop = 1
  /// A phase begins in which they have none.
  case beginClosedLoop
  /// A phase begins in which nobody receives before `startReceiving`.
  case beginBacklog
  /// The consumers may begin.
  case startReceiving
  /// Nothing more will come in this phase; answered with what was found.
  case stopReceiving

  /// The beginning of a phase.
  init(beginning plan: PhasePlan) {
    self = plan.holdsReceivers ? .beginBacklog : plan.isOpenLoop ? .beginOpenLoop : .beginClosedLoop
  }

  /// The phase that begins, as far as a receiving loop is concerned; nil for the other commands.
  var phase: PhasePlan? {
    let load: PhasePlan.Load
    switch self {
    case .beginOpenLoop: load = .constant(ratePerSecond: 1)
    case .beginClosedLoop: load = .saturate(messageCount: nil)
    case .beginBacklog: load = .backlog(messageCount: 0)
    case .startReceiving, .stopReceiving: return nil
    }
    return PhasePlan(name: "", load: load, durationNanoseconds: nil, seed: 0)
  }
}

/// What the far end's process answers: the length of the rest as a word, a word that says which, what belongs to it. A word has
/// eight bytes, the lowest first.
enum PeerReply: Equatable {
  /// The consumers are there and wait for a phase.
  case ready
  /// They could not be made, or not be started, and why.
  case refused(String)
  /// The phase is over.
  case done(PeerRemarks)

  /// The reply as it goes through the pipe.
  var encoded: [UInt8] {
    var body = PeerWords()
    switch self {
    case .ready:
      body.append(1)
    case .refused(let reason):
      body.append(2)
      body.append(text: reason)
    case .done(let remarks):
      body.append(3)
      remarks.append(to: &body)
    }
    var message = PeerWords()
    message.append(UInt64(body.bytes.count))
    return Array(message.bytes + body.bytes)
  }

  /// Takes the first reply out of what was read; nil when it is not complete.
  /// - Throws: `PeerMessageError` when this is no reply.
  static func take(from bytes: inout [UInt8]) throws(PeerMessageError) -> PeerReply? {
    guard bytes.count >= 8 else { return nil }
    var words = PeerWords(bytes[...])
    let length = try words.word()
    guard length <= byteCountMax else { throw PeerMessageError() }
    guard bytes.count - 8 >= Int(length) else { return nil }
    var body = PeerWords(bytes[8..<8 + Int(length)])
    bytes.removeFirst(8 + Int(length))
    switch try body.word() {
    case 1: return .ready
    case 2: return .refused(try body.text())
    case 3: return .done(try PeerRemarks(from: &body))
    default: throw PeerMessageError()
    }
  }

  /// No phase has more to tell; what claims to is no reply.
  private static let byteCountMax: UInt64 = 1 << 30
}

/// Bytes that are no reply.
struct PeerMessageError: Error, CustomStringConvertible {
  var description: String { "sent something that is no reply" }
}

/// Words one after the other, to be written or read.
struct PeerWords {
  private(set) var bytes: ArraySlice<UInt8>

  /// Words to be read, or none yet.
  init(_ bytes: ArraySlice<UInt8> = []) { self.bytes = bytes }

  mutating func append(_ word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  /// Its length in bytes, then the bytes.
  mutating func append(text: String) {
    append(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  mutating func word() throws(PeerMessageError) -> UInt64 {
    guard bytes.count >= 8 else { throw PeerMessageError() }
    defer { bytes = bytes.dropFirst(8) }
    return bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func text() throws(PeerMessageError) -> String {
    String(decoding: try take(try count()), as: UTF8.self)
  }

  /// A number of things of which each takes at least a byte.
  mutating func count() throws(PeerMessageError) -> Int {
    let count = try word()
    guard count <= UInt64(bytes.count) else { throw PeerMessageError() }
    return Int(count)
  }

  private mutating func take(_ count: Int) throws(PeerMessageError) -> ArraySlice<UInt8> {
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }
}
