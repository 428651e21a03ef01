/// When the messages of an open-loop phase are due.
///
/// An endless sequence of intended send times, in nanoseconds from the start of the phase, never falling. It depends on
/// nothing but its parameters, above all not on how the subject keeps up.
public protocol ArrivalSchedule: Sendable {
  /// The intended offset of the next message, in nanoseconds from the start of the phase.
  mutating func next() -> Int64
}
