import DriverInterface
import Platform

/// The bytes of held messages, each behind eight bytes that say how many they are and where they go.
@safe
struct EtaRecords: ~Copyable, Sendable {
  typealias Reference = BlockMemory.Handle

  private static var headByteCount: Int { 8 }

  private var memory: BlockMemory

  init(byteLimit: Int) { memory = BlockMemory(byteLimit: byteLimit) }

  var byteCountMapped: Int { memory.byteCountMapped }

  mutating func trim() { memory.trim() }

  /// A copy of a message; nil when memory is at its limit.
  mutating func add(_ body: MessageBody, destination: UInt32) -> Reference? {
    guard body.count <= UInt32.max, let record = memory.allocate(byteCount: Self.headByteCount + body.count) else {
      return nil
    }
    let start = unsafe memory.address(of: record)
    unsafe start.storeBytes(of: UInt32(body.count), as: UInt32.self)
    unsafe start.storeBytes(of: destination, toByteOffset: 4, as: UInt32.self)
    unsafe (start + Self.headByteCount).copyMemory(from: body.start, byteCount: body.count)
    return record
  }

  mutating func remove(_ record: Reference) { memory.free(record) }

  func destination(of record: Reference) -> UInt32 {
    unsafe memory.address(of: record).load(fromByteOffset: 4, as: UInt32.self)
  }

  /// Valid until the record is removed.
  func body(of record: Reference) -> MessageBody {
    let start = unsafe memory.address(of: record)
    return unsafe MessageBody(
      start: start + Self.headByteCount, count: Int(start.load(as: UInt32.self)))
  }
}
