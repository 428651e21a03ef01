import Foundation
import Serialization
import Testing

/// Independent implementations read what we write, and we read what they write: PyPI's msgpack and cbor2.
///
/// They come from a package index. A machine without one still passes, but `.ci/run` repeats the line `NOT CHECKED: …` beside
/// its count, so that nobody takes the check for done; with `RINGSIDE_CHECK_EVERYTHING=1` it is a failure.
@Suite struct PythonLibraryTests {
  @Test func pythonsLibrariesAgreeInBothDirections() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ringside-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let python = try pythonWithLibraries(in: folder) else { return }
    for serializer in [Serializer.messagepack, .cbor] { try exchange(serializer, python, folder) }
  }

  private func exchange(_ serializer: Serializer, _ python: String, _ folder: URL) throws {
    let seed = 51
    var values = RandomValues(for: serializer, seed: UInt64(seed))
    // Keys that Python's dictionaries take, and tags that its library leaves alone.
    values.takesAnyKey = false
    values.kinds.removeAll { $0 == .tagged }
    // Type -1 is the timestamp, below.
    values.extensionTypes = 0...127
    var lines = ""
    for _ in 0..<600 {
      let value = try enclosed(values.value(), serializer, &values.random)
      lines += try "\(Hex.text(document(value, serializer))) \(value.notation)\n"
    }
    let (swift, theirs) = (folder.appending(path: "swift.txt"), folder.appending(path: "python.txt"))
    try Data(lines.utf8).write(to: swift)
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "check_formats.py").path
    let (status, output) = try run(python, script, serializer.rawValue, swift.path, theirs.path, "\(seed)")
    #expect(status == 0, "\(serializer), seed \(seed): \(output)")
    for line in String(decoding: try Data(contentsOf: theirs), as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ")
      let value = try serializer.decode(SerializedValue.self, from: Hex.bytes(String(parts[0])))
      #expect(value.notation == parts[1], "\(serializer), seed \(seed)")
    }
  }

  /// The value in a tag for CBOR, beside a timestamp for MessagePack.
  private func enclosed(
    _ value: SerializedValue, _ serializer: Serializer, _ random: inout SmallRandom
  ) throws -> SerializedValue {
    if serializer == .cbor { return .tagged(1_000_000 + random.next() >> 24, value) }
    let timestamp = try #require(
      MessagePackTimestamp(
        seconds: Int64(random.below(1 << 35)), nanoseconds: UInt32(random.below(2) * random.below(1_000_000_000))))
    return [value, .extended(type: MessagePackTimestamp.extensionType, content: timestamp.content)]
  }

  /// A Python that has both libraries; nil, and said so, where there cannot be one.
  private func pythonWithLibraries(in folder: URL) throws -> String? {
    let environment = folder.appending(path: "python").path
    let made = try run("python3", "-m", "venv", environment)
    guard made.status == 0 else { return notChecked("python3 cannot make a virtual environment", made.output) }
    let installed = try run(
      environment + "/bin/pip", "install", "--quiet", "--timeout", "20", "--retries", "1", "msgpack", "cbor2")
    guard installed.status == 0 else { return notChecked("pip cannot install msgpack and cbor2", installed.output) }
    return environment + "/bin/python"
  }

  private func notChecked(_ reason: String, _ output: String) -> String? {
    let cause = output.split(whereSeparator: \.isNewline).last.map { " (\($0))" } ?? ""
    print("NOT CHECKED: MessagePack and CBOR against Python's msgpack and cbor2: \(reason)\(cause)")
    if ProcessInfo.processInfo.environment["RINGSIDE_CHECK_EVERYTHING"] == "1" { Issue.record("\(reason)\(cause)") }
    return nil
  }

  /// Runs a program to its end; both of its outputs as one text.
  private func run(_ program: String, _ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

extension SerializedValue {
  /// A text that says the type of everything in the value, as `check_formats.py` writes it.
  fileprivate var notation: String {
    switch self {
    case .null: "n"
    case .bool(let value): value ? "t" : "f"
    case .integer(let value): "i\(value)"
    case .unsigned(let value): "i\(value)"
    case .negative(let value): "i\(-1 - Int128(value))"
    case .float(let value): "d" + Hex.text((0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) })
    case .string(let value): "s" + Hex.text(Array(value.utf8))
    case .bytes(let value): "b" + Hex.text(value)
    case .array(let elements): "[" + elements.map(\.notation).joined(separator: ",") + "]"
    case .map(let entries):
      "{" + entries.map { "\($0.key.notation)=\($0.value.notation)" }.joined(separator: ",") + "}"
    case .tagged(let number, let value): "g\(number)(\(value.notation))"
    case .extended(let type, let content): "x\(type):\(Hex.text(content))"
    case .simple(let number): "u\(number)"
    }
  }
}
