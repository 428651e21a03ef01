import Distributions
import Testing

@testable import MessageBroker

/// The lists and heaps of a store against sorted arrays.
@Suite struct StorePartsTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func theHeapGivesWhatIsDueFirst(seed: UInt64) {
    struct Entry: Equatable {
      let moment: Int64
      let order: UInt64
      let node: Int32
    }
    var random = SplitMix64(seed: seed)
    var heap = MomentHeap()
    var model: [Entry] = []
    var freed: [Int32] = []
    for step in 0..<1000 as Range<UInt64> {
      if random.below(3) > 0 || model.isEmpty {
        let free = freed.popLast() ?? Int32(model.count)
        let entry = Entry(moment: Int64(random.below(50)), order: step, node: free)
        heap.insert(entry.node, at: entry.moment, order: entry.order)
        model.append(entry)
      } else if random.below(2) == 0 {
        freed.append(model.remove(at: random.below(model.count)).node)
        heap.remove(freed.last!)
        // One that is not there is no matter.
        heap.remove(freed.last!)
      } else {
        let first = model.min { ($0.moment, $0.order) < ($1.moment, $1.order) }!
        heap.remove(first.node)
        freed.append(first.node)
        model.removeAll { $0 == first }
      }
      let first = model.min { ($0.moment, $0.order) < ($1.moment, $1.order) }
      #expect(heap.first.map { Entry(moment: $0.moment, order: $0.order, node: $0.node) } == first, "seed \(seed)")
    }
  }

  @Test(
    arguments: [.fifo, .lifo, .priority(levels: 1), .priority(levels: 200)] as [QueueOrder],
    1...5 as ClosedRange<UInt64>)
  func theListsKeepTheirOrder(order: QueueOrder, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var slab = MessageSlab()
    var lists = ReadyLists(order: order)
    var model: [(node: Int32, level: Int, position: UInt64)] = []
    var newest: UInt64 = 0
    for _ in 0..<1000 {
      if random.below(5) > 1 || model.isEmpty {
        // Mostly new ones, sometimes one that comes back.
        newest += 2
        let position = random.below(3) > 0 ? newest : 2 * UInt64(random.below(Int(newest))) + 1
        guard !model.contains(where: { $0.position == position }) else { continue }
        let level = lists.level(priority: UInt8(random.below(256)))
        let message = MessageDescriptor(
          properties: MessageProperties(), routingKey: 0, exchange: 0, route: 0, now: 0)
        let node = slab.insert(message, position: position)
        lists.insert(node, level: level, in: &slab)
        model.append((node, level, position))
        model.sort {
          lists.order(level: $0.level, position: $0.position) < lists.order(level: $1.level, position: $1.position)
        }
      } else {
        let gone = model.remove(at: random.below(4) > 0 ? 0 : random.below(model.count))
        lists.remove(gone.node, level: gone.level, in: &slab)
        slab.remove(gone.node)
      }
      #expect(lists.next == model.first?.node, "seed \(seed)")
      #expect(slab.count == model.count)
      let head = order == .lifo ? model.last?.node : model.first?.node
      #expect(lists.head == head)
    }
  }
}
