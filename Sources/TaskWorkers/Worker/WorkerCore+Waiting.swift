public import DriverInterface

extension WorkerCore: WaitingEndpoint where Endpoint: BelledEndpoint & ~Copyable {
  /// Announces that the owner is about to sleep: it must step once more, then call `wait` or `cancelWait`. It is woken by messages,
  /// room for what is held back, and rings of `bell`.
  public mutating func prepareToWait() { nap.prepare(bell, &endpoint) }

  /// Withdraws the announcement.
  public mutating func cancelWait() { nap.cancel(bell, &endpoint) }

  /// Sleeps until woken or for the given time, and withdraws the announcement. May return early.
  public mutating func wait(timeoutNanoseconds: Int64) {
    nap.take(bell, &endpoint, timeoutNanoseconds: timeoutNanoseconds)
  }
}
