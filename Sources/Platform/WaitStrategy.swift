public import Glibc

/// How a thread spends its time while there is nothing to do. A type, not a value, so that each loop is compiled for its own.
///
/// A loop calls `shouldPark()` after each fruitless look and `reset()` after each fruitful one.
public protocol WaitStrategy: Sendable {
  /// Whether the strategy ever parks: who feeds a waiter that does not, need not ring its doorbell.
  static var parks: Bool { get }

  /// A strategy that has not waited yet.
  init()

  /// Spends one turn of waiting. Returns true when the caller should park on its doorbell now.
  mutating func shouldPark() -> Bool

  /// Work arrived: the next wait starts from the beginning.
  mutating func reset()
}

/// Looks again at once, at the full cost of a core. The shortest round trip.
@frozen
public struct BusySpin: WaitStrategy {
  @inlinable public init() {}
  public static var parks: Bool { @inlinable get { false } }
  @inlinable @inline(__always)
  public mutating func shouldPark() -> Bool { false }
  @inlinable @inline(__always)
  public mutating func reset() {}
}

/// Gives the core to whoever else wants it after each look.
@frozen
public struct Yielding: WaitStrategy {
  @inlinable public init() {}
  public static var parks: Bool { @inlinable get { false } }
  @inlinable @inline(__always)
  public mutating func shouldPark() -> Bool {
    sched_yield()
    return false
  }
  @inlinable @inline(__always)
  public mutating func reset() {}
}

/// A hundred looks with a spin hint between, then yields: polite without a wake-up to pay for.
@frozen
public struct Backoff: WaitStrategy {
  @usableFromInline var looks: UInt32 = 0
  @inlinable public init() {}
  public static var parks: Bool { @inlinable get { false } }
  @inlinable @inline(__always)
  public mutating func shouldPark() -> Bool {
    if looks < 100 {
      looks &+= 1
      spinHint()
    } else {
      sched_yield()
    }
    return false
  }
  @inlinable @inline(__always)
  public mutating func reset() { looks = 0 }
}

/// Parks at once: idle costs nothing, a wake-up costs 20 to 50 µs.
@frozen
public struct Parking: WaitStrategy {
  @inlinable public init() {}
  public static var parks: Bool { @inlinable get { true } }
  @inlinable @inline(__always)
  public mutating func shouldPark() -> Bool { true }
  @inlinable @inline(__always)
  public mutating func reset() {}
}

/// A thousand looks with a spin hint between (about 25 µs), then parks.
@frozen
public struct SpinThenPark: WaitStrategy {
  @usableFromInline var looks: UInt32 = 0
  @inlinable public init() {}
  public static var parks: Bool { @inlinable get { true } }
  @inlinable @inline(__always)
  public mutating func shouldPark() -> Bool {
    if looks < 1000 {
      looks &+= 1
      spinHint()
      return false
    }
    return true
  }
  @inlinable @inline(__always)
  public mutating func reset() { looks = 0 }
}
