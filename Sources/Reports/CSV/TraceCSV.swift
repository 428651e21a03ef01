import ResultModel

/// `output.trace`: what a run sent, in the columns that `load.trace` reads.
enum TraceCSV {
  static let columns = ["offset_ns", "size", "key", "priority"]

  /// Built as bytes: a trace may have millions of rows.
  static func bytes(of trace: RecordedTrace) -> [UInt8] {
    var bytes = Array((columns.joined(separator: ",") + "\n").utf8)
    bytes.reserveCapacity(bytes.count + trace.messages.count * 32)
    let keys = trace.keys.map(field)
    for message in trace.messages {
      bytes += String(message.offsetNanoseconds).utf8
      bytes.append(UInt8(ascii: ","))
      bytes += String(message.byteCount).utf8
      bytes.append(UInt8(ascii: ","))
      if message.key >= 0 { bytes += keys[Int(message.key)] }
      bytes += ",0\n".utf8
    }
    return bytes
  }

  /// A key as RFC 4180 has it. Whoever reads it trims what is not quoted, and takes an empty field for no key at all.
  private static func field(_ key: String) -> [UInt8] {
    let isBlank = { (character: Character?) in character.map { $0 == " " || $0 == "\t" } ?? true }
    var text = CSVText()
    text.append(key, quoted: isBlank(key.first) || isBlank(key.last))
    return text.bytes
  }
}
