/// How a consumer spends a message's service time.
@frozen
public struct HandlerPlan: Sendable, Equatable {
  /// The ways to be busy.
  @frozen
  public enum Busy: Sendable, Equatable {
    /// On the processor.
    case spin
    /// Sleeping.
    case sleep
    /// Reading the whole payload, then on the processor for what is left.
    case touch
    /// Computing this Fibonacci number recursively, then on the processor for what is left.
    case fibonacci(Int)

    /// Whether there is something to do even without service time.
    public var isWork: Bool {
      switch self {
      case .spin, .sleep: false
      case .touch, .fibonacci: true
      }
    }
  }

  /// How the time is spent.
  public var busy: Busy
  /// Service times are divided by this.
  public var speed: Double
  /// Whether there is anything to do at all.
  public var isIdle: Bool

  /// A handler; `isIdle` skips it altogether.
  public init(busy: Busy, speed: Double, isIdle: Bool) {
    self.busy = busy
    self.speed = speed
    self.isIdle = isIdle
  }

  /// Nothing to do.
  public static let none = HandlerPlan(busy: .spin, speed: 1, isIdle: true)
}
