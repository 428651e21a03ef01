/// What became of the results that came to an application.
public struct ResultStatistics: Sendable, Equatable {
  /// Tasks that handles exist for.
  public var held: Int
  /// Results of tasks without a handle.
  public var unclaimed: UInt64
  /// Results of tasks that had one already.
  public var repeated: UInt64
  /// Results that were thrown away because nobody asked for them in time: `result_expires`.
  public var expired: UInt64
  /// Messages that were no results.
  public var malformed: UInt64
  /// Results that found no room in the application's inbox: who waits for one waits until the time-out.
  public var refused: UInt64 = 0
}

extension TaskApplication {
  /// What became of the results so far.
  public var resultStatistics: ResultStatistics {
    var statistics = results.statistics
    statistics.refused = countRefused()
    return statistics
  }
}
