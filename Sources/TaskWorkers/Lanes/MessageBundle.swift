import DriverInterface
import Serialization

/// Several messages in one record of a lane, or in its result what became of them; they are taken one after the other.
///
/// ```text
///  0 magic "RSB1"   4 how many   8 for each: four bytes with its length, then its bytes
/// ```
struct MessageBundle {
  private static let magic: UInt32 = 0x3142_5352
  private static let headByteCount = 8
  private let body: MessageBody
  private var offset = Self.headByteCount
  /// How many were not taken yet.
  private(set) var remainingCount: Int

  /// The bundle in `body`; nil when it is none.
  init?(_ body: MessageBody) {
    guard body.count >= Self.headByteCount, body.number(at: 0, as: UInt32.self) == Self.magic else { return nil }
    self.body = body
    remainingCount = Int(body.number(at: 4, as: UInt32.self))
  }

  /// The next message; nil when there is none, or none that is whole.
  mutating func next() -> MessageBody? {
    guard remainingCount > 0, body.count - offset >= 4 else { return nil }
    let count = Int(body.number(at: offset, as: UInt32.self))
    guard body.count - offset - 4 >= count else { return nil }
    defer {
      offset += 4 + count
      remainingCount -= 1
    }
    return body.part(at: offset + 4, count: count)
  }

  /// Begins a bundle of so many messages.
  static func begin(_ count: Int, in writer: inout ByteWriter) {
    writer.append(littleEndian: magic)
    writer.append(littleEndian: UInt32(count))
  }

  /// Appends the next of them.
  static func append(_ message: BorrowedBytes, to writer: inout ByteWriter) {
    writer.append(littleEndian: UInt32(message.count))
    writer.append(message)
  }
}
