import Platform

/// Due messages whose destination had no room: a line for each such destination, first come first served.
///
/// During a pass every line is asked for its first message until its destination refuses again.
@safe
struct EtaLines: ~Copyable, Sendable {
  /// A message in a line.
  struct Waiting {
    let record: EtaRecords.Reference
    let moment: Int64
  }

  private struct Node {
    var record: EtaRecords.Reference
    var next: BlockMemory.Handle
    var moment: Int64
  }

  private struct Line {
    var first = EtaLines.none
    var last = EtaLines.none
  }

  private static var none: BlockMemory.Handle { .max }

  private(set) var count = 0
  private var memory: BlockMemory
  /// By destination, as far as one ever refused.
  private var lines: [Line] = []
  /// Destinations whose lines are not empty; those before `asked` have refused in this pass.
  private var occupied: [UInt32] = []
  private var asked = 0

  init(countLimit: Int) {
    // A chunk is opened only when all others are full, so that this is room for all of them.
    let chunkByteCount = 1 << 18
    memory = BlockMemory(byteLimit: (countLimit / (chunkByteCount / MemoryLayout<Node>.stride) + 2) * chunkByteCount)
  }

  var byteCountMapped: Int { memory.byteCountMapped }

  mutating func trim() { memory.trim() }

  mutating func beginPass() { asked = 0 }

  func isEmpty(_ destination: UInt32) -> Bool {
    destination >= UInt32(lines.count) || lines[Int(destination)].first == Self.none
  }

  /// The first message of a line that was not passed over yet.
  func next() -> Waiting? {
    guard asked < occupied.count else { return nil }
    let node = unsafe pointer(lines[Int(occupied[asked])].first)
    return unsafe Waiting(record: node.pointee.record, moment: node.pointee.moment)
  }

  /// The destination of `next` has refused: its line is left alone until the next pass.
  mutating func passNext() { asked += 1 }

  /// Takes the message of `next` out.
  mutating func removeNext() {
    let destination = Int(occupied[asked])
    let first = lines[destination].first
    lines[destination].first = unsafe pointer(first).pointee.next
    memory.free(first)
    count -= 1
    guard lines[destination].first == Self.none else { return }
    occupied.swapAt(asked, occupied.count - 1)
    occupied.removeLast()
  }

  /// Adds a message whose destination has refused in this pass, it or one before it.
  mutating func append(_ record: EtaRecords.Reference, moment: Int64, destination: UInt32) {
    guard let place = memory.allocate(byteCount: MemoryLayout<Node>.stride) else {
      preconditionFailure("a line has no room for a message within the limit")
    }
    let node = Node(record: record, next: Self.none, moment: moment)
    unsafe memory.address(of: place).bindMemory(to: Node.self, capacity: 1).initialize(to: node)
    count += 1
    while lines.count <= Int(destination) { lines.append(Line()) }
    if lines[Int(destination)].first == Self.none {
      lines[Int(destination)].first = place
      // Lines are asked before anything new, so that all others have refused by now.
      occupied.append(destination)
      asked = occupied.count
    } else {
      unsafe pointer(lines[Int(destination)].last).pointee.next = place
    }
    lines[Int(destination)].last = place
  }

  private func pointer(_ place: BlockMemory.Handle) -> UnsafeMutablePointer<Node> {
    unsafe memory.address(of: place).assumingMemoryBound(to: Node.self)
  }
}
