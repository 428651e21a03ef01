import Foundation

/// A time zone: how far its clocks are ahead of UTC, and when that changes.
///
/// The only file of this module that knows Foundation, for its database of time zones. Moments are whole seconds since 1970 UTC.
public struct NamedZone: Hashable, Sendable {
  private let zone: TimeZone

  /// Coordinated universal time, whose clocks never change.
  public static let utc = NamedZone(zone: .gmt)

  private init(zone: TimeZone) { self.zone = zone }

  /// The zone of a name of the time zone database, such as `Europe/Berlin`, or a fixed one such as `GMT+0530`; nil when there is none.
  public init?(identifier: String) {
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    self.zone = zone
  }

  /// The name.
  public var identifier: String { zone.identifier }

  /// The names of the time zone database.
  public static var knownIdentifiers: [String] { TimeZone.knownTimeZoneIdentifiers }

  /// A moment at which the clocks were changed, and how far ahead of UTC they were and are.
  struct Change: Equatable {
    let moment: Int
    let offsetBefore: Int
    let offset: Int
  }

  /// How many seconds the clocks are ahead of UTC at a moment.
  public func offset(at moment: Int) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment)))
  }

  /// The first change of the clocks after `start`, if it is not after `end`.
  ///
  /// Looks at every day, then halves the interval: sees changes of every kind, not only those between summer and winter. Two
  /// within a day that cancel each other are missed; no zone has had such. Cost: grows with the years.
  func change(after start: Int, notAfter end: Int) -> Change? {
    var before = start
    let offsetBefore = offset(at: start)
    while before < end {
      let after = min(before + 86_400, end)
      guard offset(at: after) == offsetBefore else {
        return change(between: before, and: after, offsetBefore: offsetBefore)
      }
      before = after
    }
    return nil
  }

  private func change(between start: Int, and end: Int, offsetBefore: Int) -> Change {
    var (before, after) = (start, end)
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if offset(at: middle) == offsetBefore { before = middle } else { after = middle }
    }
    return Change(moment: after, offsetBefore: offsetBefore, offset: offset(at: after))
  }
}
