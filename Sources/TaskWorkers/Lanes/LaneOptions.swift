/// How a lane is made.
public struct LaneOptions: Sendable {
  /// How the worker waits when it has nothing to do.
  public enum Waiting: UInt32, Sendable, CaseIterable {
    /// At the full cost of a core. Only with a core for each worker and one for the intake.
    case spinning = 1
    /// For about 25 µs as above, then as below.
    case spinningThenParked = 2
    /// Asleep at once: with as many workers as cores or more.
    case parked = 3
  }

  /// The most records in hand. Few keep a short record from waiting behind a long one; many keep the worker busy.
  public var depth = 1024
  /// The ring of records: a power of two from 64 to 2³⁰ bytes. A record may have half of it, less some 30 bytes.
  public var requestByteCapacity = 1 << 20
  /// The ring of results, likewise.
  public var completionByteCapacity = 1 << 20
  /// How the worker waits for records.
  public var waiting = Waiting.spinningThenParked
  /// The core that the worker stays on; nil for the scheduler's choice.
  public var core: Int?
  /// Children only: after so many records a child is replaced by a fresh one; nil for never.
  public var recordLimitPerChild: Int?
  /// Children only: whether a second child waits from the beginning to take over when the first one dies: no start is waited for
  /// then, at the price of the memory of two.
  public var keepsSpare = false
  /// Children only: how long a child may take from its start until it is ready, in nanoseconds.
  public var startTimeoutNanoseconds: Int64 = 10_000_000_000
  /// Children only: after so many starts in a row that failed the lane gives up.
  public var startFailureLimit = 5

  /// The defaults.
  public init() {}
}
