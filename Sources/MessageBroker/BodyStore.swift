import Platform
public import RingBuffers

/// The memory of all bodies, with one releasing end for the control path, which has no session of its own.
@usableFromInline
final class BodyStore: Sendable {
  @usableFromInline let pool: PayloadPool
  private let controlEnd: Guarded<ReleasingEnd>

  /// A place for an end, which cannot be copied, behind a lock.
  private final class ReleasingEnd {
    var end: PayloadPool.Returner
    init(_ end: consuming PayloadPool.Returner) { self.end = end }
  }

  init(byteLimit: Int) {
    // Twice the default queue length: a queue that runs empty from full returns all its bodies without spilling, which allocates.
    pool = PayloadPool(byteLimit: byteLimit, returnRingCapacity: 131_072)
    controlEnd = Guarded(ReleasingEnd(pool.makeReturner()))
  }

  /// Gives back the bodies of messages that nobody will deliver.
  func release(_ descriptors: some Sequence<MessageDescriptor>) {
    controlEnd.withLock { holder in
      for descriptor in descriptors {
        if descriptor.hasBlock { holder.end.release(descriptor.block) }
        if !descriptor.properties.isNone { holder.end.release(descriptor.properties.block) }
      }
      holder.end.flush()
    }
  }
}
