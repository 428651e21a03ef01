/// What a test double does to one message.
enum Fault: Equatable, Sendable {
  /// Takes it and never hands it out.
  case lose
  /// Hands it out twice.
  case double
  /// Hands it out behind its successor.
  case swap
  /// Flips one of its bits.
  case corrupt(bit: Int)
}

/// One fault at one position of what passes through.
struct FaultAt: Sendable {
  var fault: Fault
  var position: Int
}
