import Foundation
import ResultModel
import Testing

@Suite struct ResultLoadingTests {
  private func code(_ text: some Sequence<UInt8>) -> ResultLoadingError.Code? {
    do {
      _ = try RunResult.load(data: Data(text))
      return nil
    } catch {
      return error.code
    }
  }

  @Test func everyTruncationIsCalledTruncated() throws {
    let data = try SampleResult.full().jsonData()
    // The final newline is no loss.
    for length in stride(from: 0, to: data.count - 1, by: 2_503) + [1, 2, data.count - 2] {
      #expect(code(data.prefix(length)) == .truncated, "\(length) of \(data.count) bytes")
    }
    #expect(code(data.dropLast()) == nil)
  }

  @Test func tellsForeignTextApart() {
    #expect(code("hello".utf8) == .notJSON)
    #expect(code("{\"a\" 1}".utf8) == .notJSON)
    #expect(code("[]".utf8) == .notAResult)
    #expect(code("42".utf8) == .notAResult)
    #expect(code("{\"benchmarks\":[]}".utf8) == .notAResult)
    #expect(code(" \n".utf8) == .truncated)
    #expect(code([0xFF, 0xFE, 0x00]) == .notJSON)
  }

  @Test func refusesNewerSchemasByName() throws {
    var result = SampleResult.full()
    result.schemaVersion = 2
    #expect(code(try result.jsonData()) == .newerSchema)
    #expect(code(#"{"schema_version":3,"run_id":"x","everything":"else"}"#.utf8) == .newerSchema)
  }

  @Test func namesWhatIsMissingOrOfTheWrongType() throws {
    let text = String(decoding: try SampleResult.full().jsonData(), as: UTF8.self)
    func message(_ old: String, _ new: String) -> String? {
      do {
        _ = try RunResult.load(data: Data(text.replacingOccurrences(of: old, with: new).utf8), path: "r.json")
        return nil
      } catch {
        return error.code == .malformed ? error.description : "\(error.code)"
      }
    }
    #expect(message("\"duration_ns\":20000000000,", "") == "r.json: lacks 'duration_ns' at the top")
    #expect(message("\"order\":2,", "\"order\":\"2\",")?.contains("variants.0.trials.1.order") == true)
    #expect(message("\"status\":\"failed\"", "\"status\":\"odd\"")?.contains("status") == true)
    #expect(message("14:05:09", "25:05:09")?.contains("RFC 3339") == true)
  }

  /// Counts near 2^63 used to end the program when they were added up.
  @Test func absurdIntegersAreRefusedByName() throws {
    let text = String(decoding: try SampleResult.full().jsonData(), as: UTF8.self)
    func load(_ old: String, _ new: String) -> String? {
      #expect(text.contains(old), "\(old)")
      do {
        _ = try RunResult.load(data: Data(text.replacingOccurrences(of: old, with: new).utf8), path: "r.json")
        return nil
      } catch {
        return error.description
      }
    }
    for number in ["9007199254740993", "9223372036854775807", "-9223372036854775807"] {
      #expect(load("\"lost\":1", "\"lost\":\(number)")?.hasPrefix("r.json: 'lost' is beyond") == true, "\(number)")
      #expect(load("\"affinity\":[0,1]", "\"affinity\":[0,\(number)]")?.contains("'affinity'") == true)
      #expect(load("\"trials\":2", "\"trials\":\(number)") == nil, "the resolved scenario is only shown")
    }
    #expect(load("\"lost\":1", "\"lost\":9007199254740992") == nil)
    #expect(load("\"seed\":42", "\"seed\":18446744073709551615") == nil)
    #expect(load("\"lambda\":1000000", "\"lambda\":1.7976931348623157e+308") == nil, "reals do not overflow")
    #expect(load("consumers.workers.0", "9223372036854775807") == nil, "a text is no number")
  }

  @Test func keysOfLaterVersionsAreIgnored() throws {
    let text = String(decoding: try SampleResult.full().jsonData(), as: UTF8.self)
    let extended = text.replacingOccurrences(of: "\"run_id\":", with: "\"an_addition\":[1],\"run_id\":")
    #expect(try RunResult.load(data: Data(extended.utf8)) == SampleResult.full())
  }

  @Test func missingFilesAndDirectoriesAreToldApart() {
    func code(at path: String) -> ResultLoadingError.Code? {
      do {
        _ = try RunResult.load(path: path)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(at: Fixtures.directory + "/none.json") == .notFound)
    #expect(code(at: Fixtures.directory) == .unreadable)
  }
}
