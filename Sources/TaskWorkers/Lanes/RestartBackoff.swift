/// When a lane's next child may start, after one has ended. A value; the times are passed in.
///
/// A child that has completed something is replaced at once. In a row of children that have not, each waits twice as long as the
/// one before, and when they do not even become ready the lane gives up. Children that die of a record which is run again are
/// replaced soon: there is an end to that, and it is the record that is to blame.
struct RestartBackoff: Equatable {
  /// The wait before the third start of such a row; the second is at once.
  static let firstDelayNanoseconds: Int64 = 10_000_000
  /// The longest wait.
  static let longestDelayNanoseconds: Int64 = 5_000_000_000
  /// The longest wait before a record is run again that its child has died of: with 20 redeliveries such a record holds its lane for less
  /// than 2 s beside the starts of 21 children.
  static let longestReplayDelayNanoseconds: Int64 = 100_000_000

  private(set) var fruitlessCount = 0
  private(set) var failedStartCount = 0
  let failedStartLimit: Int

  init(failedStartLimit: Int) { self.failedStartLimit = failedStartLimit }

  /// A child has ended.
  /// - Parameter isReplayed: Whether it died of a record that the next one is to run again.
  /// - Returns: when the next may start, or nil when there is to be none.
  mutating func childEnded(
    wasReady: Bool, completedSomething: Bool, isReplayed: Bool = false, now: Int64
  ) -> Int64? {
    failedStartCount = wasReady ? 0 : failedStartCount + 1
    fruitlessCount = completedSomething ? 0 : fruitlessCount + 1
    guard failedStartCount < failedStartLimit else { return nil }
    guard fruitlessCount > 1 else { return now }
    let doublings = min(fruitlessCount - 2, 9)
    let longest = isReplayed ? Self.longestReplayDelayNanoseconds : Self.longestDelayNanoseconds
    return now &+ min(Self.firstDelayNanoseconds << Int64(doublings), longest)
  }
}
