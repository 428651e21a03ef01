public import CLinux

/// A full memory fence on all cores that run a thread of this process, for protocols where one side is hot and does without a
/// fence of its own (`membarrier(2)`, private and expedited).
///
/// When `issue()` returns, every other thread of the process has passed a full fence at some place between two of its
/// instructions since the call began: the running ones because the kernel interrupted them, the others because they were
/// switched out.
public enum ProcessBarrier {
  /// Whether the kernel does it. Asked once: the first use registers the process.
  public static let isAvailable = clinux_register_process_barrier() == 0

  /// Costs a microsecond or a few. Only where `isAvailable`.
  public static func issue() {
    let error = clinux_process_barrier()
    precondition(error == 0, "the process barrier failed with error \(error) although it is registered")
  }

  /// Keeps the compiler, but not the core, from moving loads and stores across this place: the hot side's half.
  @inlinable @inline(__always)
  public static func holdCompiler() { clinux_compiler_fence() }
}
