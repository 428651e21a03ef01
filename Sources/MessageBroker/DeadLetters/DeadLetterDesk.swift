import RingBuffers

/// The memory side of dead letters: an owner of blocks for their headers and a returner for the old ones, behind one lock of the
/// broker, because no session's thread stands for what time and limits do.
final class DeadLetterDesk {
  private let pool: PayloadPool
  private var owner: PayloadPool.Owner
  private var returner: PayloadPool.Returner

  init(pool: PayloadPool) {
    self.pool = pool
    owner = pool.makeOwner()
    returner = pool.makeReturner()
  }

  /// The headers of a message.
  func headers(of descriptor: MessageDescriptor) -> FieldTable {
    let properties = descriptor.properties
    guard !properties.isNone else { return [:] }
    return unsafe HeadersView(
      encoded: BodyView(start: UnsafeRawPointer(pool.bytes(of: properties.block)), count: properties.byteCount)
    ).copied()
  }

  /// Turns the one reference that `message` is into a message with other headers, to be published as `envelope` says; nil, with all
  /// let go of, when there is no memory for it.
  func letter(_ message: MessageDescriptor, as envelope: MessageDescriptor, headers: FieldTable) -> MessageDescriptor? {
    var letter = envelope
    let byteCount = message.bodyByteCount
    let table = (try? headers.encoded()) ?? []
    guard
      let properties = unsafe table.withUnsafeBytes({
        unsafe pool.writeProperties($0, expiration: nil, by: &owner)
      })
    else {
      release(message)
      return nil
    }
    letter.extend(expiry: 0, properties: properties)
    if message.hasBlock {
      letter.setBody(block: message.block, byteCount: byteCount)
    } else if byteCount > 0 {
      guard let block = try? owner.allocate(byteCount: byteCount) else {
        owner.giveBack(properties.block)
        release(message)
        return nil
      }
      unsafe withUnsafeBytes(of: message.inlineBody) { body in
        unsafe pool.bytes(of: block).copyMemory(from: body.baseAddress!, byteCount: byteCount)
      }
      letter.setBody(block: block, byteCount: byteCount)
    }
    if !message.properties.isNone { returner.release(message.properties.block) }
    returner.flush()
    return letter
  }

  /// Makes the one reference that `letter` is into `count` of them.
  func share(_ letter: MessageDescriptor, among count: Int) {
    guard count > 1 else { return }
    if letter.hasBlock { pool.retain(letter.block, count: count - 1) }
    if !letter.properties.isNone { pool.retain(letter.properties.block, count: count - 1) }
  }

  /// Lets go of a message.
  func release(_ message: MessageDescriptor) {
    if message.hasBlock { returner.release(message.block) }
    if !message.properties.isNone { returner.release(message.properties.block) }
    returner.flush()
  }
}
