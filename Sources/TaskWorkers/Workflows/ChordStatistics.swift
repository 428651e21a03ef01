import Platform

/// What became of the chords of an application.
public struct ChordStatistics: Sendable, Equatable {
  /// Chords of which members are missing.
  public var open: Int
  /// Bytes of the bodies and results that they wait with: `ChordLedger.Limits.byteCount` at most.
  public var byteCount: Int
  /// Chords that were given up because members stayed away.
  public var expired: Int
  /// Chords that failed because too many were open.
  public var refused: Int
  /// Chords that failed because open chords had too many bytes of bodies and results.
  public var overflowed: Int
}

extension TaskApplication {
  /// What became of chords so far.
  public var chordStatistics: ChordStatistics { workflows.withLock { $0.chordStatistics } }
}
