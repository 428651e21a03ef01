import Schedules

/// A time zone, by whose clocks a crontab goes.
public struct ScheduleZone: Hashable, Sendable {
  let named: NamedZone

  /// Coordinated universal time, whose clocks never change.
  public static let utc = ScheduleZone(named: .utc)

  private init(named: NamedZone) { self.named = named }

  /// The zone of a name of the time zone database, such as `Europe/Berlin`, or a fixed one such as `GMT+0530`.
  /// - Throws: `ScheduleError` when there is none of that name.
  public init(identifier: String) throws(ScheduleError) {
    guard let named = NamedZone(identifier: identifier) else {
      throw ScheduleError(["there is no time zone '\(identifier)'; use a name such as Europe/Berlin or UTC"])
    }
    self.named = named
  }

  /// The name.
  public var identifier: String { named.identifier }
}
