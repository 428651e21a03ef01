public import Platform
import Synchronization

/// A bounded last-in, first-out store between any number of threads: the newest element is popped first.
///
/// Treiber's stack ("Systems programming: coping with parallelism", 1986) over nodes that are allocated once and named by
/// index, so that it works in shared memory. The nodes that hold no element are a second such stack: to push is to pop a
/// node there. Each top is one word of a node's index and a count of changes, which defeats the ABA mistake; a batch moves a
/// whole chain of nodes with one compare-and-swap on each stack.
///
/// A claim takes its nodes from the free stack, so that a published claim always fits; the closed flag lies in the free
/// stack's word, so that no claim succeeds after the close. Refused because full: no node is free, that is, all hold
/// elements or are in the hands of a thread between `claim` and `publish` or `take` and `release`.
///
/// The count of changes has the bits that the index leaves, 46 at a capacity of 65536: a thread that is stopped between its
/// look and its compare-and-swap would have to miss a multiple of 2⁴⁶ changes, more than a week of them at 100 million a second.
///
/// Roles: each thread makes its own `Producer` or `Consumer`.
/// Cost: two compare-and-swaps per item, or per batch of up to 256. A thread that loses a race pauses for a moment, else nobody waits.
///
/// Invariants
/// - Each node is in the free stack, in the stack, or in the hands of one thread.
/// - Only who holds a node in hand writes to it; others may read its link, and find out by the count that it was stale.
/// - `depth` of a node in the free stack is how many nodes there are from it downwards.
@safe public final class BoundedStack<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Unchecked, because: tops and links are atomic, and a node's element belongs to whoever has the node in hand.
  let region: RawRingRegion
  @usableFromInline let filled: NodeStack<Element>
  @usableFromInline let free: NodeStack<Element>

  /// How many elements fit: a power of two.
  public let capacity: Int

  /// A stack in its own memory.
  /// - Parameter capacity: A power of two from 1 to 2³⁰.
  public init(capacity: Int) {
    region = RawRingRegion(creating: Self.header(capacity: capacity), start: 0)
    (filled, free) = Self.parts(of: region)
    self.capacity = capacity
    formatNodes()
  }

  /// A stack made in memory of the caller's, to be shared with other processes; the caller keeps it mapped.
  /// - Parameter memory: `byteCount(capacity:)` zeroed bytes on a boundary of 128.
  public init(formatting memory: UnsafeMutableRawBufferPointer, capacity: Int) throws(RingAttachError) {
    region = unsafe try RawRingRegion(formatting: memory, as: Self.header(capacity: capacity))
    (filled, free) = Self.parts(of: region)
    self.capacity = capacity
    formatNodes()
  }

  /// The stack that somebody else, perhaps another process, made in this memory; the caller keeps it mapped.
  public init(attaching memory: UnsafeMutableRawBufferPointer) throws(RingAttachError) {
    region = unsafe try RawRingRegion(
      attaching: memory,
      expecting: (.stack, stride: NodeStack<Element>.stride, element: MemoryLayout<Element>.size))
    (filled, free) = Self.parts(of: region)
    capacity = Int(region.header.capacity)
  }

  deinit { region.free() }

  /// How much memory a stack of this capacity takes.
  public static func byteCount(capacity: Int) -> Int {
    RawRingRegion.byteCount(capacity: capacity, slotStride: NodeStack<Element>.stride)
  }

  /// The most elements that one `claim` or `take` gets.
  public static var batchLimit: Int { 256 }

  /// How many nodes are in use: elements in the stack and nodes in the hands of threads. Exact when nobody is at work, else
  /// a moment's view.
  @inlinable
  public var count: Int { capacity - free.depthOfTop() }

  /// Whether the stack takes no more elements; those left can still be popped.
  @inlinable
  public var isClosed: Bool { free.isClosed }

  /// Whether the stack is closed, and every node that ever held an element has been given back.
  @inlinable
  public var isFinished: Bool { free.isClosed && count == 0 }

  /// Refuses further elements from now on and wakes everybody who is parked. What is claimed may still be published.
  public func close() {
    free.close()
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where consumers park.
  public var itemDoorbell: Doorbell { region.itemDoorbell }

  /// Where producers park.
  public var spaceDoorbell: Doorbell { region.spaceDoorbell }

  /// A new end for a producing thread.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// A new end for a consuming thread.
  public func makeConsumer() -> Consumer { Consumer(of: self) }
}

extension BoundedStack {
  private static func header(capacity: Int) -> RingHeader {
    RingHeader(
      kind: .stack, capacity: capacity, lengthLimit: capacity, elementByteCount: MemoryLayout<Element>.size,
      slotStride: NodeStack<Element>.stride)
  }

  private static func parts(of region: RawRingRegion) -> (NodeStack<Element>, NodeStack<Element>) {
    let nodes = unsafe region.base + RingLayout.slotsOffset
    let capacity = Int(region.header.capacity)
    return unsafe (
      NodeStack(top: region.word(at: RingLayout.tailOffset), nodes: nodes, capacity: capacity),
      NodeStack(top: region.word(at: RingLayout.headOffset), nodes: nodes, capacity: capacity)
    )
  }

  /// Chains all nodes into the free stack.
  private func formatNodes() {
    for index in 0..<UInt32(capacity) {
      free.setNext(index == 0 ? free.none : index - 1, of: index)
      free.setDepth(index + 1, of: index)
    }
    filled.reset(top: filled.none)
    free.reset(top: UInt32(capacity - 1))
  }
}
