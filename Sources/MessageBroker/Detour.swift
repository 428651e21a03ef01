/// Why a session may not push into a queue's ring or take from it just so.
@frozen @usableFromInline
struct Detour: OptionSet, Sendable {
  @usableFromInline let rawValue: Int

  @inlinable
  init(rawValue: Int) { self.rawValue = rawValue }

  /// The lowest bits are flags; above them is how many messages came back.
  @inlinable static var flagBits: Int { 8 }

  /// The messages lie in the queue's store, not in its ring.
  @inlinable static var store: Detour { Detour(rawValue: 1) }
  /// Nobody may take.
  @inlinable static var paused: Detour { Detour(rawValue: 2) }
  /// Not every consumer may take: `single_active`, `consumer_priority`.
  @inlinable static var gated: Detour { Detour(rawValue: 4) }
  /// Each consumer has a lane of its own, and the publisher chooses.
  @inlinable static var lanes: Detour { Detour(rawValue: 8) }

  /// How many messages wait in the side list of those that came back.
  var returnedCount: Int { rawValue >> Detour.flagBits }
}
