import RingBuffers

/// Publishing along a route that leads to no queue or to several, or whose messages have headers.
///
/// The body is stored once, and so are the headers; each queue gets a descriptor. Blocks are retained once per publish for all queues.
extension SessionCore {
  /// All queues take the message or none does.
  @usableFromInline
  mutating func publish(
    _ body: BodyView, as header: MessageDescriptor, along entry: UnsafeMutablePointer<RouteEntry>
  ) -> PublishOutcome {
    let count = unsafe entry.pointee.laneCount
    guard let lanes = unsafe entry.pointee.lanes else { return unroutable() }
    let canNack = ledger.hasNackRoom
    for index in 0..<count {
      guard unsafe canTakeOneMore(lanes[index], byteCount: body.count, canNack: canNack) else { return .full }
    }
    var descriptor = header
    let stored = unsafe store(body, along: entry, in: &descriptor)
    guard stored == .accepted else { return stored }
    shareBody(of: &descriptor, among: count)
    ledger.advance()
    let refusedBefore = refusedCount
    stagedCount &+= count
    for index in 0..<count {
      let lane = unsafe lanes[index]
      unsafe lane.pointee.stage(descriptor, sequence: ledger.last)
      if unsafe lane.pointee.stagedCount >= publishBatch { unsafe pushStaged(of: lane) }
    }
    settleConsequences()
    if hasClosedLane { return retireClosedLanesAfterPublish() }
    return refusedCount == refusedBefore || publishBatch > 1 ? .accepted : .rejected
  }

  @inline(__always)
  private mutating func canTakeOneMore(_ lane: Lane, byteCount: Int, canNack: Bool) -> Bool {
    let isSure = unsafe publishBatch > 1 && lane.pointee.hasStagingRoom && (canNack || !lane.pointee.rejectsWhenFull)
    return unsafe isSure || canTakeOneMoreNow(lane, byteCount: byteCount)
  }

  @inline(never)
  private mutating func canTakeOneMoreNow(_ lane: Lane, byteCount: Int) -> Bool {
    if unsafe lane.pointee.rejectsWhenFull, !ledger.hasNackRoom { return false }
    if publishBatch == 1, unsafe lane.pointee.stagedCount > 0 {
      guard unsafe pushBacklog(of: lane) else { return false }
    }
    if unsafe !lane.pointee.hasStagingRoom {
      guard unsafe makeStagingRoom(in: lane) else { return false }
    }
    if unsafe publishBatch > 1 || lane.pointee.rejectsWhenFull || lane.pointee.producer.isClosed { return true }
    if unsafe lane.pointee.hasRoom(for: byteCount) { return true }
    unsafe block(lane, for: byteCount)
    return false
  }

  /// Stores the body, and takes references to the headers for all copies.
  @inline(__always)
  private mutating func store(
    _ body: BodyView, along entry: UnsafeMutablePointer<RouteEntry>, in descriptor: inout MessageDescriptor
  ) -> PublishOutcome {
    let properties = unsafe entry.pointee.properties
    if properties.isNone { return store(body, in: &descriptor) }
    descriptor.extend(expiry: 0, properties: properties)
    let stored = storeInBlock(body, in: &descriptor)
    guard stored == .accepted else { return stored }
    let count = unsafe entry.pointee.laneCount
    if unsafe entry.pointee.spareReferences < count {
      let more = count + RouteEntry.referenceStep
      pool.retain(properties.block, count: more)
      unsafe entry.pointee.spareReferences += more
    }
    unsafe entry.pointee.spareReferences -= count
    return .accepted
  }

  /// A queue was deleted under our hands: a message without another one looks for its new queue.
  @inline(never)
  private mutating func retireClosedLanesAfterPublish() -> PublishOutcome {
    let before = unroutableCount
    retireClosedLanes()
    guard publishBatch == 1 else { return .accepted }
    _ = flush()
    return unroutableCount == before ? .accepted : .unroutable
  }

  /// Makes the one reference to a body that nobody else knows yet into one for each of `count` copies.
  @inline(__always)
  private func shareBody(of descriptor: inout MessageDescriptor, among count: Int) {
    guard count > 1 else { return }
    descriptor.marks |= MessageDescriptor.isFannedOut
    if descriptor.hasBlock { pool.share(descriptor.block, among: count) }
  }

  /// Makes the one message that is here into `count` copies.
  func share(_ descriptor: inout MessageDescriptor, among count: Int) {
    shareBody(of: &descriptor, among: count)
    if !descriptor.properties.isNone { pool.retain(descriptor.properties.block, count: count - 1) }
  }
}
