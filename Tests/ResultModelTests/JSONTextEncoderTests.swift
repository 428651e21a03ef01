import Foundation
import Testing

@testable import ResultModel

@Suite struct JSONTextEncoderTests {
  private func text(_ value: some Encodable) throws -> String {
    String(decoding: try JSONTextEncoder.encode(value), as: UTF8.self)
  }

  @Test func sortsKeysAtEveryDepth() throws {
    let value: JSONValue = ["b": ["z": 1, "a": [["y": 2, "x": 3], []]], "a": .object([:])]
    #expect(try text(value) == #"{"a":{},"b":{"a":[{"x":3,"y":2},[]],"z":1}}"#)
  }

  @Test func writesWholeNumbersWithoutAFraction() throws {
    let values: [Double] = [0, 1, -2, 0.5, 1312000, 1e-9, 123_456_789_012]
    #expect(try text(values) == "[0,1,-2,0.5,1312000,1e-09,123456789012]")
    #expect(try text([Int64.min, Int64.max]) == "[-9223372036854775808,9223372036854775807]")
    #expect(try text([UInt64.max]) == "[18446744073709551615]")
  }

  @Test func escapesWhatJSONDemandsAndNothingElse() throws {
    let string = "a\"b\\c/d\u{1}\n\r\t\u{8}\u{C}\u{1F}é🙂\u{7F}"
    let expected = #""a\"b\\c/d\u0001\n\r\t\b\f\u001fé🙂"# + "\u{7F}\""
    #expect(try text(string) == expected)
    #expect(try JSONDecoder().decode(String.self, from: Data(expected.utf8)) == string)
  }

  @Test func agreesWithFoundationOnAFullResult() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let result = SampleResult.full()
    #expect(try text(result) == String(decoding: try encoder.encode(result), as: UTF8.self))
  }

  @Test func namesThePlaceOfANumberThatIsNone() throws {
    var result = SampleResult.full()
    result.variants[1].trials[0].phases[1].rates.bytesPerSecond = .nan
    do {
      _ = try result.jsonData()
      Issue.record("NaN was written")
    } catch EncodingError.invalidValue(_, let context) {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      #expect(path == "variants.1.trials.0.phases.1.rates.bytes_per_s")
    }
  }

  /// Random trees, against Foundation. A failure prints the seed.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func agreesWithFoundationOnRandomTrees(seed: UInt64) throws {
    var state = seed
    func random(_ limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % limit
    }
    func tree(_ depth: Int) -> JSONValue {
      switch random(depth > 4 ? 5 : 7) {
      case 0: return .null
      case 1: return .boolean(random(2) == 0)
      case 2: return .integer(Int64(random(1_000_000)) - 500_000)
      case 3: return .number(Double(random(1_000_000)) / 64)
      case 4: return .string(String(UnicodeScalar(UInt8(random(128)))) + "/" + String(random(100)))
      case 5: return .array((0..<random(4)).map { _ in tree(depth + 1) })
      default:
        return .object(
          Dictionary((0..<random(6)).map { _ in ("k\(random(50))", tree(depth + 1)) }, uniquingKeysWith: { $1 }))
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for step in 0..<200 {
      let value = JSONValue.array([tree(0)])
      let expected = String(decoding: try encoder.encode(value), as: UTF8.self)
      #expect(try text(value) == expected, "seed \(seed), step \(step)")
    }
  }
}
