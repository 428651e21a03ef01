/// A push-time dispatch policy: one small value, owned by one publishing session for one queue, with one decision.
///
/// A library user's own policy conforms to it and is named in a `CustomDispatch`.
public protocol PushDispatch: Sendable {
  /// Prepares for another set of consumers. Called before the first decision and whenever a consumer came or went; may be slow.
  mutating func lanesChanged(_ lanes: some LaneView)

  /// The lane that the next message goes into, in `0 ..< lanes.laneCount`. Called once per message: neither locks nor allocates.
  /// - Parameter key: The hash of the message's routing key, of which every bit counts (`RoutingKeyHash`).
  mutating func choose(among lanes: some LaneView, key: UInt64) -> Int
}

extension PushDispatch {
  /// Most policies need no preparation.
  @inlinable
  public mutating func lanesChanged(_ lanes: some LaneView) {}
}

/// A dispatch policy of a library user's own. Costs a dynamic call per message, about 5 ns more than a built-in one.
///
/// ```swift
/// let newest = CustomDispatch(name: "newest") { _ in NewestConsumerDispatch() }
/// ```
public struct CustomDispatch: Sendable, Hashable {
  /// What the policy is called. Two with one name count as the same when a queue is declared again.
  public let name: String
  /// Makes a session's own value. Called once per session and queue, with a seed that differs between sessions.
  public let make: @Sendable (_ seed: UInt64) -> any PushDispatch

  /// The policy `name`, whose decisions a value from `make` takes.
  public init(name: String, make: @escaping @Sendable (_ seed: UInt64) -> any PushDispatch) {
    self.name = name
    self.make = make
  }

  public static func == (left: Self, right: Self) -> Bool { left.name == right.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
