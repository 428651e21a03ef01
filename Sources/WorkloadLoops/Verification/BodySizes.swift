public import Distributions

/// How large each message's body is: drawn from its number, so that whoever receives it knows.
@frozen
public struct BodySizes: Sendable {
  @usableFromInline let seed: UInt64
  /// By stream.
  @usableFromInline let byStream: DistributionTable
  /// The size of all bodies; 0 when they differ.
  public let fixedByteCount: Int

  /// The sizes of all streams of a run with this seed. None at all means that nothing is known.
  public init(seed: UInt64, byStream: [ValueDistribution]) {
    self.seed = MessageBits.seed(seed, for: .size)
    self.byStream = DistributionTable(byStream)
    let first = byStream.first
    let areAlike = byStream.allSatisfy { $0.isFixed && $0.lowest == first?.lowest }
    fixedByteCount = areAlike ? Int(first?.lowest ?? 0) : 0
  }

  /// Sizes that nobody knows.
  public static let unknown = BodySizes(seed: 0, byStream: [])

  /// Whether there is anything to compare with.
  @inlinable @inline(__always)
  public var areKnown: Bool { byStream.count > 0 }

  /// The size of a message, in bytes; of a stream that exists.
  @inlinable @inline(__always)
  public func byteCount(of number: SequenceNumber) -> Int {
    if fixedByteCount > 0 { return fixedByteCount }
    return Int(
      truncatingIfNeeded: byStream.value(
        of: number.stream, seed: seed, producer: UInt64(truncatingIfNeeded: number.stream), sequence: number.sequence))
  }

  /// Whether a body of this size is not the message's own.
  @inlinable @inline(__always)
  func contradict(_ byteCount: Int, of number: SequenceNumber) -> Bool {
    areKnown && number.stream < byStream.count && byteCount != self.byteCount(of: number)
  }
}

extension WorkloadPlan.Producer {
  /// The size of each body.
  public var sizes: ValueDistribution { payloadSizes ?? .fixed(Int64(payloadByteCount)) }
}
