public import Foundation

extension RunResult {
  /// The text of `result.json`: UTF-8, keys sorted, a final newline. Equal results give equal bytes.
  ///
  /// - Throws: `EncodingError` when a number is not finite, which is a bug of whoever computed it.
  public func jsonData() throws -> Data {
    var data = Data(try JSONTextEncoder.encode(self))
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// Reads the `result.json` at `path`.
  public static func load(path: String) throws(ResultLoadingError) -> RunResult {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
      throw ResultLoadingError(code: .notFound, path: path, message: "there is no such file")
    } catch {
      throw ResultLoadingError(
        code: .unreadable, path: path, message: "cannot be read (a directory, or not permitted)")
    }
    return try load(data: data, path: path)
  }

  /// Reads the text of a `result.json`; `path` is only named in errors.
  public static func load(data: Data, path: String = "result.json") throws(ResultLoadingError) -> RunResult {
    let decoder = JSONDecoder()
    do {
      let result = try decoder.decode(RunResult.self, from: data)
      guard result.schemaVersion <= currentSchemaVersion else {
        throw newerSchema(result.schemaVersion, path: path)
      }
      if let key = AbsurdInteger.firstKey(in: data) {
        throw ResultLoadingError(
          code: .malformed, path: path, message: "'\(key)' is beyond ±2^53, which no run counts or lasts")
      }
      return result
    } catch let error as ResultLoadingError {
      throw error
    } catch {
      throw explain(error, data: data, path: path)
    }
  }

  /// The two keys that tell a result from any other JSON.
  private struct Header: Decodable {
    var schemaVersion: Int
    var runID: String

    enum CodingKeys: String, CodingKey {
      case schemaVersion = "schema_version"
      case runID = "run_id"
    }
  }

  private static func newerSchema(_ version: Int, path: String) -> ResultLoadingError {
    ResultLoadingError(
      code: .newerSchema, path: path,
      message: "is of schema version \(version), and this ringside reads up to \(currentSchemaVersion): "
        + "use a newer ringside")
  }

  /// Finds out why decoding failed, from the outside in.
  private static func explain(_ error: any Error, data: Data, path: String) -> ResultLoadingError {
    guard (try? JSONDecoder().decode(JSONValue.self, from: data)) != nil else {
      let isTruncated = endsInTheMiddle(data)
      return ResultLoadingError(
        code: isTruncated ? .truncated : .notJSON, path: path,
        message: isTruncated ? "ends in the middle: it is not a complete result" : "is not JSON")
    }
    guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
      return ResultLoadingError(
        code: .notAResult, path: path,
        message: "is JSON, but not a result of ringside: it lacks 'schema_version' or 'run_id'")
    }
    if header.schemaVersion > currentSchemaVersion { return newerSchema(header.schemaVersion, path: path) }
    return ResultLoadingError(code: .malformed, path: path, message: describe(error))
  }

  /// Whether brackets or a string are still open at the end, or there is nothing at all.
  private static func endsInTheMiddle(_ data: Data) -> Bool {
    var depth = 0
    var isInString = false
    var isEscaped = false
    var isBlank = true
    for byte in data {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      if byte > UInt8(ascii: " ") { isBlank = false }
    }
    return isBlank || isInString || depth > 0
  }

  private static func describe(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "the top" : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      return "lacks '\(key.stringValue)' at \(place(context.codingPath))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      return "\(place(context.codingPath)) is wrong: \(context.debugDescription)"
    default:
      return "cannot be understood: \(error)"
    }
  }
}
