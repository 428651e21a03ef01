import DriverInterface
import Platform

/// A queue of one thread, with the faults that a test asks for.
@safe
final class FakeQueue {
  struct Slot {
    var count = 0
    var correlation: UInt64 = 0
    var isRedelivered = false
  }

  /// The longest body.
  static let stride = 256

  let capacity: Int
  /// What goes wrong.
  var faults: [FaultAt] = []
  /// Positions, among all messages offered, of those that are refused, and of those that no queue is bound for.
  var rejected: Set<Int> = []
  var unroutable: Set<Int> = []
  /// Messages accepted so far.
  private(set) var acceptedCount = 0
  private var offeredCount = 0
  private var head = 0
  private var tail = 0
  private var slots: [Slot]
  private let memory: UnsafeMutableRawPointer
  /// A message that waits for its successor to go first.
  private var held: (slot: Slot, bytes: [UInt8])?
  /// Acknowledgements, in order.
  var acknowledgements: [(tag: UInt64, isMultiple: Bool)] = []
  /// When batches were said to be there, in order.
  var receptions: [(count: Int, nanoseconds: Int64)] = []
  var keepsAcknowledgements = true
  /// What came back as failed, in order.
  var refusals: [(tag: UInt64, requeues: Bool)] = []
  /// Called when somebody looks for a message and there is none.
  var ranDry: () -> Void = {}
  /// Called when a message is offered and there is no room.
  var ranFull: () -> Void = {}

  init(capacity: Int) {
    self.capacity = capacity
    // Room for the second copy of a doubled message.
    slots = Array(repeating: Slot(), count: capacity + 2)
    unsafe memory = AlignedMemory.allocate(byteCount: (capacity + 2) * Self.stride)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }

  var count: Int { tail - head }

  enum Answer { case accepted, rejected, unroutable, full }

  /// Offers one message.
  func offer(_ body: MessageBody, correlation: UInt64 = 0, isRedelivered: Bool = false) -> Answer {
    if count >= capacity {
      ranFull()
      return .full
    }
    defer { offeredCount += 1 }
    if rejected.contains(offeredCount) { return .rejected }
    if unroutable.contains(offeredCount) { return .unroutable }
    let slot = Slot(count: body.count, correlation: correlation, isRedelivered: isRedelivered)
    let position = acceptedCount
    acceptedCount += 1
    let fault = faults.first { $0.position == position }?.fault
    switch fault {
    case nil:
      unsafe append(slot, body.bytes)
    case .lose:
      break
    case .double:
      unsafe append(slot, body.bytes)
      unsafe append(slot, body.bytes)
    case .swap:
      held = unsafe (slot, Array(body.bytes))
      return .accepted
    case .corrupt(let bit):
      unsafe append(slot, body.bytes)
      let last = unsafe memory + (tail - 1) % slots.count * Self.stride + bit / 8
      unsafe last.storeBytes(of: last.load(as: UInt8.self) ^ 1 << (bit % 8), as: UInt8.self)
    }
    if let late = held {
      held = nil
      unsafe late.bytes.withUnsafeBytes { unsafe append(late.slot, $0) }
    }
    return .accepted
  }

  private func append(_ slot: Slot, _ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= Self.stride, "the double holds bodies of up to \(Self.stride) bytes")
    let index = tail % slots.count
    slots[index] = slot
    unsafe (memory + index * Self.stride).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    tail += 1
  }

  /// Takes up to `limit` messages away; they stay readable until the next call. Returns the first one's position.
  func take(limit: Int) -> (first: Int, count: Int) {
    if count == 0 { ranDry() }
    let taken = (head, min(limit, count))
    head += taken.1
    return taken
  }

  func message(at position: Int) -> ReceivedMessage {
    let index = position % slots.count
    let body = unsafe MessageBody(start: memory + index * Self.stride, count: slots[index].count)
    return ReceivedMessage(
      body: body, tag: UInt64(position) + 1, correlation: slots[index].correlation, replyTo: 1,
      isRedelivered: slots[index].isRedelivered)
  }
}
