/// When the messages of an open-loop phase are due.
///
/// An endless sequence of intended send times, in nanoseconds from the start of the phase, never falling. It depends on
/// nothing but its parameters, above all not on how the subject keeps up.
public protocol ArrivalSchedule: Sendable {
  /// The intended offset of the next message, in nanoseconds from the start of the phase.
  mutating func next() -> Int64

  /// How many of the times that `next` has not returned yet lie before `offset`, in nanoseconds from the start of the
  /// phase; the schedule is of no use afterwards. Never takes longer the more there are: a schedule may be cut off with
  /// millions of messages unsent.
  mutating func takeCount(before offset: Int64) -> Int
}
