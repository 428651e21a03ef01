import Platform

/// The first violations of a worker. Rare, so it locks and allocates.
public final class FindingLog: Sendable {
  /// How many are kept; the counters count all.
  public static let limit = 1024

  private let kept = Guarded<[Finding]>([])

  /// An empty log.
  public init() {}

  /// Adds a finding, if there is room; `words` are made only then.
  @inline(never)
  public func note(_ kind: Finding.Kind, _ number: SequenceNumber?, _ words: @autoclosure () -> String = "") {
    kept.withLock { kept in
      guard kept.count < Self.limit else { return }
      kept.append(Finding(kind: kind, number: number, words: words()))
    }
  }

  /// What was found so far.
  public var findings: [Finding] { kept.withLock { $0 } }

  /// Forgets everything.
  public func clear() { kept.withLock { $0.removeAll() } }
}
