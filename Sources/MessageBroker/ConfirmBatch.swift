/// What publisher confirms arrived since the last `pollConfirms()`.
///
/// Confirms come in the order of the publishes and without gaps, like `basic.ack` with `multiple`.
@frozen
public struct ConfirmBatch: Sendable, Equatable {
  /// Every publish up to this number has been settled: taken by all its queues, unless listed as a nack.
  public let settledThrough: UInt64
  /// How many publishes were settled since the last batch, nacks included.
  public let settledCount: Int
  /// How many of them were refused; `Session.nack(at:)` lists their numbers.
  public let nackCount: Int

  @inlinable
  init(settledThrough: UInt64, settledCount: Int, nackCount: Int) {
    self.settledThrough = settledThrough
    self.settledCount = settledCount
    self.nackCount = nackCount
  }
}
