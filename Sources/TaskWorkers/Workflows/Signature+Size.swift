extension Signature {
  /// About how many bytes of memory it takes up: what it says and a fixed part, for it and for every signature in it.
  var byteCount: Int {
    var count = MemoryLayout<Signature>.stride + task.utf8.count + arguments.bytes.count
    for text in [options.queue, options.routingKey, options.shadow] { count += text?.utf8.count ?? 0 }
    for (name, value) in options.headers { count += ChordLedger.entryByteCount + name.utf8.count + value.utf8.count }
    for part in input?.parts ?? [] { count += ChordLedger.entryByteCount + part.bytes.count }
    for others in [options.link, options.linkError, members, chain, chord] {
      for other in others { count += other.byteCount }
    }
    return count
  }
}
