/// The nodes of a store's lists, in one array: no allocation per message, and links of four bytes.
struct MessageSlab {
  struct Node {
    var descriptor: MessageDescriptor
    var position: UInt64
    /// Towards later deliveries; of a free node the next free one. -1 for none.
    var next: Int32
    var previous: Int32
  }

  private var nodes: [Node] = []
  private var firstFree: Int32 = -1
  private(set) var count = 0

  static var none: Int32 { -1 }

  var capacity: Int { nodes.capacity }

  var byteCount: Int { nodes.capacity * MemoryLayout<Node>.stride }

  subscript(node: Int32) -> Node {
    get { nodes[Int(node)] }
    _modify { yield &nodes[Int(node)] }
  }

  /// A node for a message. Amortised O(1).
  mutating func insert(_ descriptor: MessageDescriptor, position: UInt64) -> Int32 {
    count += 1
    let node = Node(descriptor: descriptor, position: position, next: Self.none, previous: Self.none)
    guard firstFree != Self.none else {
      nodes.append(node)
      return Int32(nodes.count - 1)
    }
    let place = firstFree
    firstFree = nodes[Int(place)].next
    nodes[Int(place)] = node
    return place
  }

  /// Frees a node.
  mutating func remove(_ node: Int32) {
    count -= 1
    nodes[Int(node)].next = firstFree
    firstFree = node
  }

  /// Gives the memory back, when there is no message.
  mutating func trim() {
    precondition(count == 0, "\(count) messages are left")
    self = MessageSlab()
  }
}
