import CLinux
import Glibc

/// Sleeping that wakes when it was asked to.
public enum PrecisionSleep {
  /// Sleeps for the given time, continuing after signals. With the default timer slack of 50 µs it wakes about 70 µs
  /// late; after `setTimerSlack(nanoseconds: 1)` about 24 µs.
  public static func sleep(nanoseconds: Int64) {
    guard nanoseconds > 0 else { return }
    sleep(untilMonotonic: MonotonicClock.now() + nanoseconds)
  }

  /// Sleeps until `MonotonicClock.now()` reaches the given value.
  public static func sleep(untilMonotonic deadlineNanoseconds: Int64) {
    var deadline = timespec(
      tv_sec: Int(deadlineNanoseconds / 1_000_000_000), tv_nsec: Int(deadlineNanoseconds % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
  }

  /// Sets how late the kernel may wake the calling thread, in nanoseconds; 1 is the least.
  /// - Returns: whether the kernel agreed.
  @discardableResult
  public static func setTimerSlack(nanoseconds: UInt64) -> Bool { clinux_set_timer_slack(nanoseconds) == 0 }

  /// The calling thread's timer slack in nanoseconds, or nil when the kernel does not tell.
  public static var timerSlackNanoseconds: Int64? {
    let slack = clinux_timer_slack()
    return slack < 0 ? nil : slack
  }
}
