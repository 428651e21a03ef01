/// Whether a run waited for real time or simulated it.
public enum TimeMode: String, Codable, Sendable, CaseIterable {
  /// Real time on real threads.
  case wall
  /// A simulation with declared service times.
  case virtual
}
