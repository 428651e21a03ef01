import Glibc

/// A value behind a lock, for cold paths.
///
/// A POSIX mutex rather than `Synchronization.Mutex`, because ThreadSanitizer sees what the former orders and reports false
/// races around the latter (Swift 6.3.1, Linux).
@safe package struct Guarded<Value>: ~Copyable, @unchecked Sendable {
  // Unchecked, because: the value is reached through `withLock` only.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let value: UnsafeMutablePointer<Value>

  package init(_ initial: sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    let result = unsafe pthread_mutex_init(mutex, nil)
    precondition(result == 0, "no mutex: error \(result)")
    unsafe value = .allocate(capacity: 1)
    unsafe value.initialize(to: initial)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Runs `body`, which must not call back into anything that takes this lock, with exclusive access.
  package borrowing func withLock<Result: ~Copyable>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return unsafe body(&value.pointee)
  }
}
