import Platform

/// The first violations of a worker, in words that name the message. Rare, so it locks and allocates.
public final class FindingLog: Sendable {
  /// How many are kept; the counters count all.
  public static let limit = 8

  private let kept = Guarded<[String]>([])

  /// An empty log.
  public init() {}

  /// Adds a finding, if there is room.
  @inline(never)
  public func note(_ finding: @autoclosure () -> String) {
    kept.withLock { if $0.count < Self.limit { $0.append(finding()) } }
  }

  /// What was found so far.
  public var findings: [String] { kept.withLock { $0 } }

  /// Forgets everything.
  public func clear() { kept.withLock { $0.removeAll() } }
}
