import Glibc

/// The kernel's monotonic clock, `CLOCK_MONOTONIC`: never set back, slewed by NTP, one read about 20 ns.
public enum MonotonicClock {
  /// Nanoseconds since an arbitrary start, the same for all processes of this machine.
  public static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// Wall-clock time, for names and time stamps only: nothing is ever measured with it.
public enum WallClock {
  /// Nanoseconds since 1970-01-01 00:00 UTC.
  public static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
