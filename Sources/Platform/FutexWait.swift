import CLinux
import Synchronization

/// The kernel's wait-on-a-word, by the address of an atomic in memory that stays put.
enum FutexWait {
  /// Sleeps while the word equals `expected`; returns false when the time was over, at once if it is negative.
  static func wait(
    _ word: UnsafePointer<Atomic<UInt32>>, while expected: UInt32, timeoutNanoseconds: Int64?
  ) -> Bool {
    let raw = unsafe UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)
    return unsafe clinux_futex_wait(raw, expected, timeoutNanoseconds.map { max(0, $0) } ?? -1) == 0
  }

  /// Sleeps while both words equal what is expected of them; otherwise as `wait`.
  static func wait(
    _ first: UnsafePointer<Atomic<UInt32>>, while firstExpected: UInt32,
    or second: UnsafePointer<Atomic<UInt32>>, while secondExpected: UInt32, timeoutNanoseconds: Int64?
  ) -> Bool {
    unsafe clinux_futex_wait_either(
      UnsafeRawPointer(first).assumingMemoryBound(to: UInt32.self), firstExpected,
      UnsafeRawPointer(second).assumingMemoryBound(to: UInt32.self), secondExpected,
      timeoutNanoseconds.map { max(0, $0) } ?? -1) == 0
  }

  /// Wakes up to `count` sleepers.
  static func wake(_ word: UnsafePointer<Atomic<UInt32>>, count: Int32) {
    let raw = unsafe UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)
    _ = unsafe clinux_futex_wake(raw, count)
  }
}
