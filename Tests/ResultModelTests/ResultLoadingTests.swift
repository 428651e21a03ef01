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
    let lacking = message("\"duration_ns\":20000000000,", "")
    #expect(lacking?.hasPrefix("r.json: lacks 'duration_ns' at the top; ") == true)
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
      #expect(load("\"lost\":1", "\"lost\":\(number)")?.hasPrefix("r.json: 'lost' is, alone") == true, "\(number)")
      #expect(load("\"affinity\":[0,1]", "\"affinity\":[0,\(number)]")?.contains("'affinity'") == true)
      #expect(load("\"trials\":2", "\"trials\":\(number)") == nil, "the resolved scenario is only shown")
    }
    #expect(load("\"lost\":1", "\"lost\":9007199254740992") == nil)
    #expect(load("\"seed\":42", "\"seed\":18446744073709551615") == nil)
    #expect(load("\"lambda\":1000000", "\"lambda\":1.7976931348623157e+308") == nil, "reals do not overflow")
    #expect(load("consumers.workers.0", "9223372036854775807") == nil, "a text is no number")
  }

  /// An exponent used to hide an integer that does not fit a sum, and many that fit did not fit together.
  @Test func absurdIntegersAreFoundHoweverTheyAreWritten() throws {
    let text = String(decoding: try SampleResult.full().jsonData(), as: UTF8.self)
    func message(_ number: String, times: Int = 1) -> String? {
      let numbers = Array(repeating: number, count: times).joined(separator: ",")
      let spoiled = text.replacingOccurrences(of: "\"affinity\":[0,1]", with: "\"affinity\":[\(numbers)]")
      do {
        _ = try RunResult.load(data: Data(spoiled.utf8), path: "r.json")
        return nil
      } catch {
        return error.message
      }
    }
    for number in ["9e18", "90E17", "0.9e19", "9007199254740993.0", "1e16"] {
      #expect(message(number)?.hasPrefix("'affinity' is, alone or with the others, more than") == true, "\(number)")
    }
    #expect(message("9007199254740992", times: 500) == nil)
    #expect(message("9007199254740992", times: 600)?.hasPrefix("'affinity'") == true)
  }

  /// What somebody finds in a folder, gives to a command, and what the command then says.
  @Test(
    arguments: [
      ("", .truncated, "is empty: the run did not get as far as its result"),
      ("{\"schema_version\":1,", .truncated, "ends in the middle"), ("PK\u{3}\u{4}", .notJSON, "is not JSON"),
      ("window.BENCHMARK_DATA = {}", .notJSON, "is not JSON"), ("{\"a\":NaN}", .notJSON, "is not JSON"),
      (String(repeating: "[", count: 600) + String(repeating: "]", count: 600), .notJSON, "is nested 600 deep"),
      (
        #"[{"name":"a","value":1,"unit":"ns"}]"#, .notAResult,
        "is JSON, but not a result of ringside: it lacks 'schema_version' or 'run_id'"
      ),
      (#"{"context":{},"benchmarks":[]}"#, .notAResult, "is JSON, but not a result"),
      (#"{"schema_version":0,"run_id":"x"}"#, .malformed, "is of schema version 0, which there never was"),
      (#"{"schema_version":2,"run_id":"x"}"#, .newerSchema, "use a newer ringside"),
      (#"{"schema_version":1,"run_id":"x"}"#, .malformed, "lacks 'status' at the top"),
    ] as [(String, ResultLoadingError.Code, String)])
  func everyFileThatIsNoResultHasItsSentence(text: String, code: ResultLoadingError.Code, says: String) {
    #expect {
      _ = try RunResult.load(data: Data(text.utf8), path: "x/result.json")
    } throws: { error in
      guard let error = error as? ResultLoadingError else { return false }
      return error.code == code && error.description.hasPrefix("x/result.json: ") && error.message.contains(says)
    }
  }

  /// Foundation reads them too, past everything that looks at the bytes.
  @Test(arguments: [.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] as [String.Encoding])
  func otherEncodingsAreRefused(encoding: String.Encoding) throws {
    let data = try #require(#"{"schema_version":1}"#.data(using: encoding))
    #expect(code(data) == .notJSON)
  }

  @Test func countsAndDurationsBelowNothingAreNamed() throws {
    func message(_ change: (inout RunResult) -> Void) throws -> String? {
      var result = SampleResult.full()
      change(&result)
      do {
        _ = try RunResult.load(data: try result.jsonData())
        return nil
      } catch let error as ResultLoadingError {
        return error.message
      }
    }
    let place = "variants.1.trials.0.phases.1."
    #expect(try message { $0.durationNanoseconds = -1 }?.hasPrefix("duration_ns is below 0") == true)
    #expect(
      try message { $0.variants[1].trials[0].phases[1].counts.received = -1 }?.hasPrefix(
        place + "counts.received is below 0") == true)
    #expect(
      try message { $0.variants[1].trials[0].phases[1].queueTime?.count = -1 }?.hasPrefix(place + "queue_time is")
        == true)
    #expect(
      try message { $0.variants[1].trials[0].phases[1].intervals[3].sent = -1 }?.hasPrefix(place + "intervals is")
        == true)
  }

  /// A share below 0 that fits no integer used to end the program in every report, and an alpha of 2 in every comparison.
  @Test func rulesOfComparisonsThatNobodyCanDeclareAreRefused() throws {
    var result = SampleResult.full()
    result.comparisonRules = ComparisonRules(maxRegression: 0.02, alpha: 0.001)
    let text = String(decoding: try result.jsonData(), as: UTF8.self)
    func message(_ old: String, _ new: String) -> String? {
      #expect(text.contains(old), "\(old)")
      do {
        _ = try RunResult.load(data: Data(text.replacingOccurrences(of: old, with: new).utf8))
        return nil
      } catch {
        return error.message
      }
    }
    #expect(message("\"alpha\":0.001", "\"alpha\":1") == nil)
    #expect(message("\"alpha\":0.001", "\"alpha\":2")?.hasPrefix("compare.alpha is 2.0, which is no share") == true)
    #expect(message("\"alpha\":0.001", "\"alpha\":-0.5")?.hasPrefix("compare.alpha is -0.5") == true)
    #expect(
      message("\"max_regression\":0.02", "\"max_regression\":-1e300")?.hasPrefix("compare.max_regression is below 0")
        == true)
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
