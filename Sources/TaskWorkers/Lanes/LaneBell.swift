public import Platform

/// Where the workers of an intake's lanes ring when there is a completion, or when one of them has died.
///
/// One for all lanes of an intake, in shared memory, so that children can ring it. An intake that also waits for messages sleeps
/// at both doorbells at once: see `Doorbell.wait(_:or:_:timeoutNanoseconds:)`.
public final class LaneBell: Sendable {
  let memory: SharedMemory
  /// Where to sleep. Valid as long as this object.
  public let doorbell: Doorbell

  /// - Throws: `SystemError` when memory or descriptors are exhausted.
  public init() throws(SystemError) {
    memory = try SharedMemory(byteCount: Doorbell.byteCount, name: "ringside lane bell")
    unsafe doorbell = Doorbell(at: memory.from(0).start)
  }

  /// The bell that the parent made.
  init(attaching descriptor: OwnedDescriptor) throws(SystemError) {
    memory = try SharedMemory(attaching: descriptor)
    unsafe doorbell = Doorbell(at: memory.from(0).start)
  }
}
