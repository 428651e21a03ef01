public import Platform
public import Synchronization

extension BroadcastRing {
  /// How many readers there can be at a time.
  public var readerLimit: Int { readers.limit }

  /// How many readers there are at this moment.
  public var readerCount: Int { readers.count }

  /// Whether the ring takes no more elements; those left can still be read.
  @inlinable
  public var isClosed: Bool { unsafe closed.pointee.load(ordering: .acquiring) != 0 }

  /// Refuses further elements from now on and wakes everybody who is parked.
  ///
  /// A push at the same moment on another thread may still be accepted after a reader has seen the end. Close after the
  /// last push, and everybody sees everything.
  public func close() {
    unsafe closed.pointee.store(1, ordering: .releasing)  // Pairs with `isClosed`: who sees it sees the last element.
    itemDoorbell.ring(waking: .max)
    spaceDoorbell.ring(waking: .max)
  }

  /// Where readers park.
  public var itemDoorbell: Doorbell { region.itemDoorbell }

  /// Where the producer parks.
  public var spaceDoorbell: Doorbell { region.spaceDoorbell }

  /// The end for the producing thread. A ring has one at a time.
  public func makeProducer() -> Producer { Producer(of: self) }

  /// One more reader, which begins with the next element to be published; nil when there are `readerLimit` already.
  public func makeReader() -> Reader? { Reader(joining: self) }

  /// Strikes off a reader whose process died without leaving, so that it no longer holds the producer back.
  /// - Parameter number: The `number` that the reader had; the reader must never be used again.
  public func dismissReader(_ number: Int) {
    precondition((0..<readerLimit).contains(number), "there is no reader \(number)")
    readers.leave(number)
    spaceDoorbell.ring(waking: .max)
  }
}
