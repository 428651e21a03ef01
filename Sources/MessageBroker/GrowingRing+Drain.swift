import RingBuffers

extension GrowingRing<MessageDescriptor> {
  /// Takes what there is, up to `limit`. Of a closed ring, also what a publisher that reserved slots before is writing now: waits for
  /// those few stores.
  func drain(upTo limit: Int = .max) -> [MessageDescriptor] {
    var drained: [MessageDescriptor] = []
    var end = makeConsumer()
    while drained.count < limit {
      let count = end.take(upTo: min(256, limit - drained.count))
      for index in 0..<count { drained.append(end.element(at: index)) }
      if count > 0 { end.release() } else if !isClosed || isFinished { break }
    }
    return drained
  }
}
