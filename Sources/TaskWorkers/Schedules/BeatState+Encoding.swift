import Checksums

/// The file format: `RSBEAT1\n`, how many entries, the entries in the order of their names, and a CRC-32C of all before it. Numbers are
/// little-endian, texts UTF-8 behind their number of bytes as 32 bits.
extension BeatState {
  private static var magic: [UInt8] { Array("RSBEAT1\n".utf8) }

  /// The state as the bytes of a file.
  public func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.append(UInt32(progress.count))
    for (name, entry) in progress.sorted(by: { $0.key < $1.key }) {
      bytes.append(name)
      bytes.append(entry.schedule)
      bytes.append(entry.origin)
      bytes.append(entry.settled)
      bytes.append(entry.lastMoment == nil ? 0 : 1 as UInt8)
      bytes.append(entry.lastMoment ?? 0)
      bytes.append(entry.firingCount)
    }
    bytes.append(Self.checksum(bytes[...]))
    return bytes
  }

  /// The state that bytes of a file hold.
  /// - Throws: `BeatStateError` when they are not exactly what `encoded` made.
  public init(decoding bytes: [UInt8]) throws(BeatStateError) {
    guard bytes.starts(with: Self.magic), bytes.count >= Self.magic.count + 8 else {
      throw BeatStateError(description: "not a state file of a beat, which begins with RSBEAT1")
    }
    let content = bytes.dropLast(4)
    var end = Input(bytes: bytes.suffix(4))
    guard try end.number(UInt32.self) == Self.checksum(content) else {
      throw BeatStateError(description: "the state file of the beat is damaged: its checksum is wrong")
    }
    var input = Input(bytes: content.dropFirst(Self.magic.count))
    for _ in 0..<(try input.number(UInt32.self)) {
      let name = try input.text()
      let schedule = try input.text()
      let (origin, settled) = (try input.number(Int64.self), try input.number(Int64.self))
      let hasFired = try input.number(UInt8.self) != 0
      let lastMoment = try input.number(Int64.self)
      progress[name] = Progress(
        schedule: schedule, origin: origin, settled: settled, lastMoment: hasFired ? lastMoment : nil,
        firingCount: try input.number(UInt64.self))
    }
    guard input.bytes.isEmpty else { throw Input.damage }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe CRC32C.checksum($0) }
  }

  /// What is left to read.
  private struct Input {
    var bytes: ArraySlice<UInt8>

    static var damage: BeatStateError {
      BeatStateError(description: "the state file of the beat is damaged: its lengths do not fit")
    }

    mutating func take(_ count: Int) throws(BeatStateError) -> ArraySlice<UInt8> {
      guard count <= bytes.count else { throw Self.damage }
      defer { bytes.removeFirst(count) }
      return bytes.prefix(count)
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws(BeatStateError) -> Number {
      try take(Number.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    mutating func text() throws(BeatStateError) -> String {
      String(decoding: try take(Int(try number(UInt32.self))), as: UTF8.self)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    for byte in 0..<number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
  }

  fileprivate mutating func append(_ text: String) {
    append(UInt32(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}
