public import DriverInterface
import Serialization

/// A registry made fit for every message: names are found without text, options are plain numbers. Constant, but for the time limits, which
/// belong to the thread of the worker that has it.
@safe @usableFromInline
final class TaskTable: @unchecked Sendable {
  // Unchecked, because: nothing changes after `init` but what one thread alone writes and reads.
  let entries: [TaskRegistry.Entry]
  @usableFromInline let terms: UnsafeMutablePointer<TaskTerms>
  /// What does the work of tasks that are not asynchronous, in an array that costs no retain to look into.
  @usableFromInline let handlers: UnsafeMutablePointer<TaskHandler?>
  /// Open addressing; an index of -1 is free.
  @usableFromInline let slots: UnsafeMutablePointer<NameSlot>
  @usableFromInline let mask: UInt64
  private let names: UnsafeMutableRawPointer

  @safe @frozen @usableFromInline
  struct NameSlot: BitwiseCopyable {
    @usableFromInline let hash: UInt64
    @usableFromInline let name: UnsafeRawPointer
    @usableFromInline let byteCount: Int
    @usableFromInline let index: Int
  }

  init(_ registry: TaskRegistry) {
    entries = registry.entries
    unsafe terms = .allocate(capacity: max(1, entries.count))
    unsafe handlers = .allocate(capacity: max(1, entries.count))
    let bytes = entries.map { Array($0.name.utf8) }
    let byteCount = bytes.reduce(0) { $0 + $1.count }
    unsafe names = .allocate(byteCount: max(1, byteCount), alignment: 8)
    var slotCount = 8
    while slotCount < 2 * entries.count { slotCount *= 2 }
    mask = UInt64(slotCount - 1)
    unsafe slots = .allocate(capacity: slotCount)
    unsafe slots.initialize(
      repeating: NameSlot(hash: 0, name: UnsafeRawPointer(names), byteCount: 0, index: -1), count: slotCount)
    var offset = 0
    for (index, entry) in entries.enumerated() {
      unsafe (terms + index).initialize(to: TaskTerms(entry))
      unsafe (handlers + index).initialize(to: Self.handler(of: entry.work))
      unsafe (names + offset).copyMemory(from: bytes[index], byteCount: bytes[index].count)
      unsafe insert(index, UnsafeRawPointer(names + offset), bytes[index].count)
      offset += bytes[index].count
    }
  }

  deinit {
    unsafe terms.deallocate()
    unsafe handlers.deinitialize(count: entries.count)
    unsafe handlers.deallocate()
    unsafe slots.deallocate()
    unsafe names.deallocate()
  }

  /// What does the work of one message on the calling thread.
  private static func handler(of work: TaskRegistry.Work) -> TaskHandler? {
    switch work {
    case .synchronous(let handler): handler
    case .asynchronous: nil
    case .batch(_, let handler): { invocation, writer in try handleAlone(invocation, handler, into: &writer) }
    }
  }

  /// Does one message as a batch of its own.
  private static func handleAlone(
    _ invocation: borrowing TaskInvocation, _ handler: TaskBatchHandler, into writer: inout ByteWriter
  ) throws {
    let item = TaskBatch.Item(
      invocation.envelope, isRedelivered: invocation.isRedelivered,
      arguments: SerializedBytes(unsafe Array(invocation.arguments.bytes), serializer: invocation.serializer))
    var batch = TaskBatch(
      [item], attempt: invocation.attempt, softDeadline: invocation.softDeadline,
      environment: unsafe invocation.environment)
    do { try handler(&batch) } catch { batch.failRest(with: error) }
    switch batch.endings[0] {
    case .returned(let value): writer.append(value)
    case .threw(let error): throw error
    case nil: break
    }
  }

  private func insert(_ index: Int, _ name: UnsafeRawPointer, _ byteCount: Int) {
    let hash = Self.hash(unsafe MessageBody(start: name, count: byteCount))
    var place = hash & mask
    while unsafe slots[Int(place)].index >= 0 { place = (place + 1) & mask }
    unsafe slots[Int(place)] = NameSlot(hash: hash, name: name, byteCount: byteCount, index: index)
  }

  /// The index of the task of this name; -1 when there is none. Usually one look, and a comparison of the bytes.
  @inlinable @inline(__always)
  func index(of name: MessageBody) -> Int {
    let hash = Self.hash(name)
    var place = hash & mask
    while true {
      let slot = unsafe slots[Int(truncatingIfNeeded: place)]
      if slot.index < 0 { return -1 }
      if slot.hash == hash, unsafe name.isEqual(to: MessageBody(start: slot.name, count: slot.byteCount)) {
        return slot.index
      }
      place = (place &+ 1) & mask
    }
  }

  /// Mixes eight bytes at a time (the multiplier is that of MurmurHash64A, Austin Appleby, public domain).
  @inlinable @inline(__always)
  static func hash(_ name: MessageBody) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: name.count)
    var offset = 0
    while offset &+ 8 <= name.count {
      hash = (hash ^ name.word(at: offset)) &* 0xC6A4_A793_5BD1_E995
      hash ^= hash >> 47
      offset &+= 8
    }
    while offset < name.count {
      hash = (hash ^ UInt64(name.number(at: offset, as: UInt8.self))) &* 0xC6A4_A793_5BD1_E995
      offset &+= 1
    }
    return hash ^ hash >> 32
  }
}

extension MessageBody {
  /// Whether two bodies have the same bytes.
  @inlinable @inline(__always)
  func isEqual(to other: MessageBody) -> Bool {
    guard count == other.count else { return false }
    var offset = 0
    while offset &+ 8 <= count {
      guard word(at: offset) == other.word(at: offset) else { return false }
      offset &+= 8
    }
    while offset < count {
      guard number(at: offset, as: UInt8.self) == other.number(at: offset, as: UInt8.self) else { return false }
      offset &+= 1
    }
    return true
  }
}
