import TaskWorkers
import WorkloadLoops

/// Which task of which request a booked task is: its identity says so, wherever it is sent on to and however often it is tried.
///
/// As an identifier it is a UUID of version 8 (RFC 9562, section 5.8: bits of the maker's own), so that nothing has to travel beside it.
struct BookedTask: Equatable, BitwiseCopyable, Sendable {
  /// The client's number of what it asked for.
  var number: SequenceNumber
  /// What it asked for, among the kinds of the plan.
  var kind: Int
  /// Which task of that it is, from 0.
  var member: Int

  /// How many kinds there may be.
  static let kindLimit = 1 << 12
  /// How many tasks a request may be.
  static let memberLimit = 1 << 14

  init(_ number: SequenceNumber, kind: Int, member: Int) {
    assert(kind < Self.kindLimit && member < Self.memberLimit, "kind \(kind), member \(member)")
    self.number = number
    self.kind = kind
    self.member = member
  }

  /// The task of an identity that `identifier` made.
  init(_ identifier: TaskIdentifier) {
    let stream = Int(identifier.high >> 48)
    let sequence = (identifier.high >> 16 & 0xFFFF_FFFF) << 16 | identifier.low >> 32 & 0xFFFF
    self.init(
      SequenceNumber(stream: stream, sequence: sequence), kind: Int(identifier.high & 0xFFF),
      member: Int(identifier.low >> 48 & 0x3FFF))
  }

  /// Its identity; `salt` tells those of one run from those of others.
  func identifier(salt: UInt32) -> TaskIdentifier {
    let sequence = number.sequence
    return TaskIdentifier(
      high: UInt64(number.stream) << 48 | (sequence & ~0xFFFF) | 0x8000 | UInt64(kind),
      low: 1 << 63 | UInt64(member) << 48 | (sequence & 0xFFFF) << 32 | UInt64(salt))
  }
}
