import Platform

/// Where a worker's thread says why it cannot go on, for whoever watches the worker. Rare, so it locks.
public final class WorkerLoss: Sendable {
  private let said = Guarded<String?>(nil)

  /// Nothing is said yet.
  public init() {}

  /// The first reason, in a sentence; nil as long as there is none.
  public var reason: String? { said.withLock { $0 } }

  /// Says why; the first reason counts.
  public func note(_ reason: String) { said.withLock { $0 = $0 ?? reason } }
}
