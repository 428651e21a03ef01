public import DriverInterface
import Platform

/// One thing that was broken on purpose, or that began or ended then.
public struct Injection: Sendable, Equatable {
  /// Which part of it.
  public enum Moment: Sendable, Equatable {
    /// A fault of one message: it has no length.
    case instant
    /// A fault of a worker begins.
    case start
    /// A fault of a worker is over.
    case end
  }

  /// What was broken.
  public var kind: FaultKind
  /// The message, for a fault of one.
  public var number: SequenceNumber?
  /// Which part of it.
  public var moment: Moment
  /// When, on the run's time source.
  public var nanoseconds: Int64
  /// More about it, for people. May be empty.
  public var detail: String

  /// Creates an entry.
  public init(
    kind: FaultKind, number: SequenceNumber? = nil, moment: Moment = .instant, nanoseconds: Int64, detail: String = ""
  ) {
    self.kind = kind
    self.number = number
    self.moment = moment
    self.nanoseconds = nanoseconds
    self.detail = detail
  }
}

/// What was broken on purpose at one worker: written by who breaks it, compared with what the verification found.
/// Rare, so it locks and allocates.
public final class InjectionLog: Sendable {
  /// How many entries are kept; the counts count all.
  public static let limit = 1024

  private struct State {
    var kept: [Injection] = []
    var counts: [FaultKind: Int] = [:]
    var plannedCounts: [FaultKind: Int] = [:]
  }

  private let state = Guarded(State())

  /// An empty log.
  public init() {}

  /// Counts an entry and keeps it, if there is room. The end of a fault is not counted again.
  public func note(_ injection: Injection) {
    state.withLock { state in
      if injection.moment != .end { state.counts[injection.kind, default: 0] += 1 }
      if state.kept.count < Self.limit { state.kept.append(injection) }
    }
  }

  /// Takes note that a fault is to happen in this phase, so that one that never does is missed.
  public func expect(_ kind: FaultKind) { state.withLock { $0.plannedCounts[kind, default: 0] += 1 } }

  /// What is kept, in the order it was noted.
  public var injections: [Injection] { state.withLock { $0.kept } }

  /// How often each kind happened.
  public var counts: [FaultKind: Int] { state.withLock { $0.counts } }

  /// How often each kind was to happen, as far as that is known before: faults of workers.
  public var plannedCounts: [FaultKind: Int] { state.withLock { $0.plannedCounts } }

  /// Forgets everything.
  public func clear() { state.withLock { $0 = State() } }
}
