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
      // A pipe will do; of what never ends no more than the limit is read.
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      data = try file.read(upToCount: byteCountMax + 1) ?? Data()
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
      throw ResultLoadingError(code: .notFound, path: path, message: "there is no such file")
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw ResultLoadingError(code: .unreadable, path: path, message: "may not be read by this user")
    } catch {
      throw ResultLoadingError(code: .unreadable, path: path, message: "cannot be read as a file (a directory?)")
    }
    guard data.count <= byteCountMax else {
      throw ResultLoadingError(code: .unreadable, path: path, message: "is larger than 1 GiB, which no result is")
    }
    return try load(data: data, path: path)
  }

  private static let byteCountMax = 1 << 30

  /// Reads the text of a `result.json`; `path` is only named in errors.
  public static func load(data: Data, path: String = "result.json") throws(ResultLoadingError) -> RunResult {
    // Foundation reads UTF-16 and UTF-32 as well; what else looks at the bytes does not, and nobody writes a result so.
    guard !data.prefix(4).contains(0), !data.starts(with: [0xFE, 0xFF]), !data.starts(with: [0xFF, 0xFE]) else {
      throw ResultLoadingError(code: .notJSON, path: path, message: "is not JSON in UTF-8" + advice)
    }
    do {
      let result = try JSONDecoder().decode(RunResult.self, from: data)
      if let error = wrongSchema(result.schemaVersion, path: path) { throw error }
      if let key = AbsurdInteger.firstKey(in: data) {
        throw ResultLoadingError(
          code: .malformed, path: path,
          message: "'\(key)' is, alone or with the others, more than any run counts or lasts" + advice)
      }
      if let place = result.negativePlace {
        throw ResultLoadingError(code: .malformed, path: path, message: "\(place) is below 0" + advice)
      }
      if let rules = result.comparisonRules, !(0...1).contains(rules.alpha) {
        throw ResultLoadingError(
          code: .malformed, path: path, message: "compare.alpha is \(rules.alpha), which is no share" + advice)
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

  /// What to do about a file that somebody or something has changed.
  private static let advice = "; give the result.json of a `ringside run` as it was written"

  /// Nil for a version that this library reads.
  private static func wrongSchema(_ version: Int, path: String) -> ResultLoadingError? {
    if version < 1 {
      return ResultLoadingError(
        code: .malformed, path: path, message: "is of schema version \(version), which there never was" + advice)
    }
    guard version > currentSchemaVersion else { return nil }
    return ResultLoadingError(
      code: .newerSchema, path: path,
      message: "is of schema version \(version), and this ringside reads up to \(currentSchemaVersion): "
        + "use a newer ringside")
  }

  /// Finds out why decoding failed, from the outside in.
  private static func explain(_ error: any Error, data: Data, path: String) -> ResultLoadingError {
    guard (try? JSONDecoder().decode(JSONValue.self, from: data)) != nil else {
      let shape = JSONShape(of: data)
      let isTruncated = shape.endsInTheMiddle
      let message =
        shape.isBlank
        ? "is empty: the run did not get as far as its result"
        : isTruncated
          ? "ends in the middle: it is not a complete result" + advice
          : shape.depth > JSONShape.depthLimit
            ? "is nested \(shape.depth) deep, which no result is" + advice : "is not JSON" + advice
      return ResultLoadingError(code: isTruncated ? .truncated : .notJSON, path: path, message: message)
    }
    guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
      return ResultLoadingError(
        code: .notAResult, path: path,
        message: "is JSON, but not a result of ringside: it lacks 'schema_version' or 'run_id'" + advice)
    }
    return wrongSchema(header.schemaVersion, path: path)
      ?? ResultLoadingError(code: .malformed, path: path, message: describe(error) + advice)
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
