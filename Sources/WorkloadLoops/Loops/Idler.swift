public import DriverInterface
public import Platform

/// A wait strategy at work: after each look a loop says whether it found something.
///
/// When the strategy wants to park, the endpoint is prepared first and the loop looks once more; only then does it sleep.
@frozen
public struct Idler<Wait: WaitStrategy> {
  @usableFromInline var wait: Wait
  @usableFromInline var isPrepared = false

  /// The longest sleep: how late a loop may notice that its phase is over.
  @usableFromInline static var longestSleepNanoseconds: Int64 { @inlinable get { 5_000_000 } }

  /// An idler that has not waited.
  @inlinable
  public init(_ wait: Wait) { self.wait = wait }

  /// The look found something.
  @inlinable @inline(__always)
  public mutating func found<Endpoint: WaitingEndpoint & ~Copyable>(on endpoint: inout Endpoint) {
    if Wait.parks, isPrepared {
      endpoint.cancelWait()
      isPrepared = false
    }
    wait.reset()
  }

  /// The look found nothing.
  @inlinable @inline(__always)
  public mutating func nothing<Endpoint: WaitingEndpoint & ~Copyable>(on endpoint: inout Endpoint) {
    nothing(on: &endpoint, timeoutNanoseconds: Self.longestSleepNanoseconds)
  }

  /// The look found nothing, and there is something else to do after the given time.
  @inlinable @inline(__always)
  public mutating func nothing<Endpoint: WaitingEndpoint & ~Copyable>(
    on endpoint: inout Endpoint, timeoutNanoseconds: Int64
  ) {
    if Wait.parks, isPrepared {
      endpoint.wait(timeoutNanoseconds: min(timeoutNanoseconds, Self.longestSleepNanoseconds))
      isPrepared = false
    } else if wait.shouldPark() {
      endpoint.prepareToWait()
      isPrepared = true
    }
  }
}
