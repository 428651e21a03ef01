/// Several distributions side by side, such as one per stream, drawn from by index: a load and the drawing itself. An array of
/// distributions would count references to their tables for each value, which takes longer than drawing it.
@safe @frozen
public struct DistributionTable: @unchecked Sendable {
  // Unchecked, because: the memory is written before `owner` is shared and never again.

  /// Keeps the memory, and the distributions whose tables it looks into.
  @usableFromInline let owner: Owner
  @usableFromInline let start: UnsafePointer<ValueDrawing>
  /// How many distributions there are.
  public let count: Int

  /// A copy of `distributions`. Keep the table in what draws: a copy of it counts a reference.
  public init(_ distributions: [ValueDistribution]) {
    owner = Owner(distributions)
    unsafe start = UnsafePointer(owner.memory)
    count = distributions.count
  }

  /// The value that distribution `index` has for one message.
  @inlinable @inline(__always)
  public func value(of index: Int, seed: UInt64, producer: UInt64, sequence: UInt64) -> Int64 {
    precondition(index >= 0 && index < count, "a distribution outside of the table")
    return unsafe start[index].value(seed: seed, producer: producer, sequence: sequence)
  }

  @safe @usableFromInline
  final class Owner {
    let distributions: [ValueDistribution]
    let memory: UnsafeMutablePointer<ValueDrawing>

    init(_ distributions: [ValueDistribution]) {
      self.distributions = distributions
      unsafe memory = .allocate(capacity: max(1, distributions.count))
      for (index, distribution) in distributions.enumerated() {
        unsafe (memory + index).initialize(to: distribution.drawing)
      }
    }

    deinit { unsafe memory.deallocate() }
  }
}
