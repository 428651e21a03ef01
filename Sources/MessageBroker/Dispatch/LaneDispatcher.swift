import Distributions

/// A session's side of one queue's push-time policy, whichever it is: built-in policies are reached by a predictable branch
/// instead of a dynamic call.
@frozen
public struct LaneDispatcher: Sendable {
  @frozen @usableFromInline
  enum Kind: UInt8 { case roundRobin, random, consistentHash, powerOfTwoChoices, leastOutstanding, custom }

  @usableFromInline let kind: Kind
  // All side by side, so that the one in use changes in place; an enumeration's payload would be copied out and in.
  @usableFromInline var roundRobin: RoundRobinDispatch
  @usableFromInline var random: RandomDispatch
  @usableFromInline var powerOfTwoChoices: PowerOfTwoChoicesDispatch
  @usableFromInline var leastOutstanding: LeastOutstandingDispatch
  @usableFromInline var consistentHash: ConsistentHashDispatch?
  @usableFromInline var custom: (any PushDispatch)?

  /// A dispatcher for `policy`, or nil for one that decides when a consumer asks.
  /// - Parameter seed: Different for each session, so that sessions do not choose alike at the same time.
  public init?(_ policy: DispatchPolicy, seed: UInt64) {
    switch policy {
    case .roundRobin, .workStealing: kind = .roundRobin
    case .random: kind = .random
    case .consistentHash: kind = .consistentHash
    case .powerOfTwoChoices: kind = .powerOfTwoChoices
    case .leastOutstanding: kind = .leastOutstanding
    case .custom: kind = .custom
    case .shared, .fair, .prefetch, .consumerPriority, .singleActive: return nil
    }
    let mixed = SplitMix64.mix(seed)
    let start = Int(truncatingIfNeeded: mixed >> 1)
    roundRobin = RoundRobinDispatch(startingAt: start)
    random = RandomDispatch(seed: mixed)
    powerOfTwoChoices = PowerOfTwoChoicesDispatch(seed: mixed)
    leastOutstanding = LeastOutstandingDispatch(startingAt: start)
    consistentHash = policy == .consistentHash ? ConsistentHashDispatch() : nil
    if case .custom(let own) = policy { custom = own.make(mixed) } else { custom = nil }
  }

  /// See `PushDispatch.lanesChanged`.
  public mutating func lanesChanged(_ lanes: some LaneView) {
    roundRobin.lanesChanged(lanes)
    leastOutstanding.lanesChanged(lanes)
    consistentHash?.lanesChanged(lanes)
    custom?.lanesChanged(lanes)
  }

  /// See `PushDispatch.choose`.
  @inlinable @inline(__always)
  public mutating func choose(among lanes: some LaneView, key: UInt64) -> Int {
    switch kind {
    case .roundRobin: return roundRobin.choose(among: lanes, key: key)
    case .random: return random.choose(among: lanes, key: key)
    case .powerOfTwoChoices: return powerOfTwoChoices.choose(among: lanes, key: key)
    case .leastOutstanding: return leastOutstanding.choose(among: lanes, key: key)
    case .consistentHash: return consistentHash!.choose(among: lanes, key: key)
    case .custom: return chooseByCustom(among: lanes, key: key)
    }
  }

  /// Kept apart: a dynamic call, and a check that the user's policy knows how many lanes there are.
  @usableFromInline
  mutating func chooseByCustom(among lanes: some LaneView, key: UInt64) -> Int {
    let lane = custom!.choose(among: lanes, key: key)
    precondition(lane >= 0 && lane < lanes.laneCount, "a dispatch policy chose lane \(lane) of \(lanes.laneCount)")
    return lane
  }
}
