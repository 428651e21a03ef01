/// What a `Beat` does about moments that it missed, because it did not run or the clock jumped.
public enum CatchUpPolicy: Hashable, Sendable {
  /// Nothing.
  case skip
  /// Fires once for all of them, with the moment of the last.
  case once
  /// Fires for each of the last ones, at most `limit`, in order.
  case all(limit: Int)

  /// How many missed moments it makes good.
  var limit: Int {
    switch self {
    case .skip: 0
    case .once: 1
    case .all(let limit): limit
    }
  }
}
