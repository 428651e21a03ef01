public import Platform
public import Synchronization

/// Lets the only producer end of a ring move the tail without a compare-and-swap.
///
/// A compare-and-swap waits until all older stores of its core have reached the cache, and behind a consumer that is close some
/// of these wait for lines that it has just used. The sole producer loads, compares and stores instead, while it holds everybody
/// else off: biased locking after D. Dice, M. Moir and W. Scherer ("Quickly Reacquirable Locks", 2003), with the kernel's barrier
/// on the cold side as in user-space RCU.
///
/// Roles: the producer end that was given the gate enters and leaves it for every push. A keeper is whoever else is about to
/// change the tail, or to let another producer do so; keepers exclude each other by the chain's lock.
/// Cost: to the producer two stores to a line of its own and a load of a line that is hardly ever written; to a keeper a
/// microsecond or a few.
///
/// Invariant: while the producer is inside and has found the gate open, nobody else changes the tail. Proof: the producer stores
/// `inside`, then loads `state`; the compiler keeps them in that order, and all the core may do is delay the store. A keeper
/// stores `state`, issues a `ProcessBarrier`, which falls between two instructions of the producer, and loads `inside`.
/// - If the producer's store comes before the barrier, the barrier has made it visible: the keeper sees it and waits. It goes on
///   when it reads the store of `leave`, a release that pairs with its acquire: it sees where the producer left the tail.
/// - If it comes after the barrier, so does the load of `state`, which sees the keeper's store: the producer leaves and uses a
///   compare-and-swap, which is safe against keepers as against any producer.
///
/// When a keeper opens the gate again, its release pairs with the acquire of the producer's load: the producer, which looks at the
/// tail after that, sees what the keeper did to it, a close for example, and compares before it stores.
@safe @frozen @usableFromInline
struct SoleProducerGate: @unchecked Sendable {
  // Unchecked, because: it only points at atomics.
  /// 0 shut for good, 1 open, 2 shut for a moment. Written by keepers.
  @usableFromInline let state: UnsafeMutablePointer<Atomic<Int>>

  /// `state` and, on a line of its own, `inside`.
  static let byteCount = 256

  /// The gate in zeroed memory on a boundary of 128; shut for good until somebody opens it.
  init(at memory: UnsafeMutableRawPointer) {
    unsafe state = memory.assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// Whether the producer is between `enter` and `leave`. Written by it alone.
  @inlinable @inline(__always)
  var inside: UnsafeMutablePointer<Atomic<Int>> { unsafe state + 16 }

  /// Whether the tail is the producer's until it leaves; when not, it has left.
  @inlinable @inline(__always)
  func enter() -> Bool {
    unsafe inside.pointee.store(1, ordering: .relaxed)
    ProcessBarrier.holdCompiler()
    // Acquire pairs with the release of `open`.
    if unsafe state.pointee.load(ordering: .acquiring) == 1 { return true }
    leave()
    return false
  }

  /// Release pairs with the acquire in `shut`: a keeper that goes on sees the tail.
  @inlinable @inline(__always)
  func leave() { unsafe inside.pointee.store(0, ordering: .releasing) }

  @inlinable @inline(__always)
  var isShutForGood: Bool { unsafe state.pointee.load(ordering: .relaxed) == 0 }

  // MARK: Keepers

  /// Shuts the gate for good: from now on the producer uses a compare-and-swap like the others.
  func shutForGood() { shut(as: 0) }

  /// Changes the tail, or finds that it must not be changed, while the producer keeps off.
  func whileShut<Result>(_ body: () -> Result) -> Result {
    guard unsafe state.pointee.load(ordering: .relaxed) == 1 else { return body() }
    shut(as: 2)
    defer { open() }
    return body()
  }

  /// Release pairs with the acquire in `enter`: the producer then sees the tail as the keeper left it.
  func open() { unsafe state.pointee.store(1, ordering: .releasing) }

  private func shut(as value: Int) {
    guard unsafe state.pointee.exchange(value, ordering: .relaxed) == 1 else { return }
    ProcessBarrier.issue()
    // Acquire pairs with the release in `leave`. A producer inside needs a few nanoseconds, unless its thread is not running.
    var backoff = Backoff()
    while unsafe inside.pointee.load(ordering: .acquiring) != 0 { _ = backoff.shouldPark() }
  }
}
