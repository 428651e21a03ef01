import Distributions
import Testing

@testable import ScenarioModel

/// What an objective says: its sides, its units, and what is wrong with it where.
@Suite struct ObjectiveExpressionTests {
  private static let figures: [String: Double] = [
    "latency.p50": 400_000, "latency.p99": 900_000, "latency.p99.9": 2_000_000, "latency.max": 5_000_000,
    "latency.mean": 450_000, "throughput": 49_500, "offered": 50_000, "sent": 49_900, "bytes": 6_400_000,
    "allocated_bytes_per_message": 4_096, "messages.received": 100_000, "messages.rejected": 4_000, "verify.lost": 0,
    "hiccup.p99": 110_000, "recovery_time": 750_000_000,
  ]

  private func holds(_ text: String) throws -> Bool {
    let expression = try ObjectiveExpression(parsing: text)
    let sides = try #require(expression.sides { Self.figures[$0] }, "\(text)")
    return expression.comparison.holds(sides.observed, sides.limit)
  }

  @Test(arguments: [
    ("latency.p99 < 1ms", true), ("latency.p99<900us", false), ("latency.p99 <= 900us", true),
    ("latency.p99.9 > 1.5ms", true), ("latency.p99 == 0.9ms", true), ("1ms > latency.p99", true),
    ("throughput >= 0.99 * offered", true), ("throughput >= 99.1% * offered", false), ("throughput > 49k/s", true),
    ("throughput < 3M/m", true), ("throughput > 2970k/m", false), ("sent / offered > 99%", true),
    ("latency.max - latency.p50 < 2 * (latency.p99.9 + 1ms)", true), ("latency.p99 / latency.p50 < 3", true),
    ("allocated_bytes_per_message <= 4KiB", true), ("allocated_bytes_per_message == 0", false),
    ("allocated_bytes_per_message < 4KB", false), ("verify.lost == 0", true), ("bytes >= 6.4MB/s", true),
    ("messages.rejected < 5% * messages.received", true), ("messages.rejected / messages.received < 4%", false),
    ("hiccup.p99 < latency.p99 / 4", true), ("recovery_time < 1s", true), ("2 * 3 * latency.p50 > 2.3ms", true),
    // Little's law: a rate times a time is a number.
    ("throughput * latency.mean < 23", true), ("throughput * latency.mean > 22", true),
    ("messages.received / throughput > 2s", true), ("messages.received / throughput < 2.1s", true),
    ("1 / latency.p50 == 2500/s", true), ("allocated_bytes_per_message * throughput > 200MB/s", true),
  ])
  func meansWhatItSays(text: String, expected: Bool) throws { #expect(try holds(text) == expected, "\(text)") }

  @Test func whatIsWrittenBackReadsAsTheSame() throws {
    let expression = try ObjectiveExpression(parsing: " throughput  >= 0.99*( offered + 100/s ) / 1 ")
    #expect(expression.text == "throughput>=0.99*(offered+100/s)/1")
    let again = try ObjectiveExpression(parsing: expression.text)
    #expect(again.text == expression.text)
    #expect(again.observed == expression.observed)
    #expect(again.limit == expression.limit)
  }

  @Test func theLimitIsTheSideThatIsNotMeasured() throws {
    let expression = try ObjectiveExpression(parsing: "1ms > latency.p99")
    #expect(expression.observedMetric == "latency.p99")
    #expect(expression.constantLimit == 1_000_000)
    #expect(expression.comparison == .less)
    #expect(try ObjectiveExpression(parsing: "throughput >= 0.99 * offered").constantLimit == nil)
  }

  @Test(arguments: [
    ("latency.p99 < 1ms", "ns"), ("throughput > 1/s", "per_s"), ("allocated_bytes_per_message < 1B", "bytes"),
    ("bytes > 1KiB/s", "bytes_per_s"), ("verify.lost == 0", "messages"), ("sent / offered > 99%", "share"),
    ("latency.p99 / latency.p50 < 3", nil),
  ])
  func hasAUnit(text: String, unit: String?) throws { #expect(try ObjectiveExpression(parsing: text).unit == unit) }

  @Test func isUndecidedWithoutAFigureAndOverZero() throws {
    let expression = try ObjectiveExpression(parsing: "messages.rejected / verify.lost < 1")
    #expect(expression.sides { Self.figures[$0] } == nil)
    #expect(try ObjectiveExpression(parsing: "queue_time.p99 < 1ms").sides { Self.figures[$0] } == nil)
  }

  /// Text, code, offset of the place, part of the message, part of the suggestion.
  struct Mistake: CustomTestStringConvertible, Sendable {
    var text: String
    var code: ScenarioProblem.Code
    var offset: Int
    var message: String
    var suggestion: String
    var testDescription: String { text }

    init(_ text: String, _ code: ScenarioProblem.Code, _ offset: Int, _ message: String, _ suggestion: String = "") {
      (self.text, self.code, self.offset, self.message, self.suggestion) = (text, code, offset, message, suggestion)
    }
  }

  static let mistakes: [Mistake] = [
    .init("", .invalidValue, 0, "no objective", "latency.p99"),
    .init("latency.p99", .invalidValue, 11, "not a comparison"),
    .init("latency.p99 <", .invalidValue, 13, "missing here"),
    .init("latencies.p99 < 1ms", .invalidValue, 0, "no metric `latencies`", "did you mean `latency`"),
    .init("1 * throughputs > 1/s", .invalidValue, 4, "no metric `throughputs`", "did you mean `throughput`"),
    .init("latency < 1ms", .invalidValue, 0, "many figures", "write latency.p99"),
    .init("latency.p98 < 1ms", .invalidValue, 8, "no `p98`", "did you mean `p9"),
    .init("messages.recieved > 5", .invalidValue, 9, "no `recieved`", "did you mean `received`"),
    .init("throughput.p99 < 1/s", .invalidValue, 10, "one figure", "write throughput"),
    .init("latency.p99 < throughput", .wrongUnit, 12, "a rate cannot be compared with a time"),
    .init("latency.p99 < 5", .missingUnit, 14, "`5` has no unit", "5ms"),
    .init("throughput > 50000", .missingUnit, 13, "`50000` has no unit", "50000/s"),
    .init("latency.p99 + 1/s < 1ms", .wrongUnit, 12, "a rate cannot be added to a time"),
    .init("latency.p99 < 5mss", .wrongUnit, 15, "unknown unit `mss`"),
    .init("latency.p99 < 5MS", .wrongUnit, 15, "unknown unit `MS`", "did you mean `ms`"),
    .init("latency.p99 < 5 ms", .invalidValue, 16, "behind a number", "without a space"),
    .init("latency.p99 = 1ms", .invalidValue, 12, "means nothing", "=="),
    .init("latency.p99 =< 1ms", .invalidValue, 12, "means nothing", "<="),
    .init("latency.p99 != 1ms", .invalidValue, 12, "means nothing", "one of <"),
    .init("1us < latency.p99 < 1ms", .invalidValue, 18, "a comparison already", "entry of its own"),
    .init("latency.p99 < 1ms and sent > 1/s", .invalidValue, 18, "not known", "entry of its own"),
    .init("(latency.p99 < 1ms)", .invalidValue, 13, "parentheses"),
    .init("(latency.p99 + 1ms < 1ms", .invalidValue, 19, "parentheses"),
    .init("latency.p99 < (1ms", .invalidValue, 14, "not closed"),
    .init("latency.p99 < 1ms)", .invalidValue, 17, "never opened"),
    .init("latency.p99 < -1ms", .invalidValue, 14, "before it", "below zero"),
    .init("latency.p99 < 1ms / 0", .invalidValue, 20, "divided by zero"),
    .init("1ms < 2ms", .invalidValue, 0, "measures nothing"),
    .init("latency.p99 * latency.p99 * latency.p99 * latency.p99 < 1", .wrongUnit, 40, "which nothing is"),
    .init("latency.p99 < 1234567890123456789ms", .outOfRange, 14, "18 digits"),
    .init("latency.p99 < 1ms 🐇", .invalidValue, 18, "means nothing"),
  ]

  @Test(arguments: mistakes)
  func pointsAtTheMistake(mistake: Mistake) {
    do throws(ObjectiveError) {
      _ = try ObjectiveExpression(parsing: mistake.text)
      Issue.record("accepted")
    } catch {
      #expect(error.code == mistake.code, "\(error)")
      #expect(error.offset == mistake.offset, "\(error)")
      #expect(error.message.contains(mistake.message), "\(error)")
      #expect((error.suggestion ?? "").contains(mistake.suggestion), "\(error)")
    }
  }

  @Test func deepAndLongTextsAreRefused() {
    let deep = String(repeating: "(", count: 500) + "sent"
    #expect(throws: ObjectiveError.self) { try ObjectiveExpression(parsing: deep) }
    let long = "sent > 1/s" + String(repeating: " + 1/s", count: 1_000)
    #expect(throws: ObjectiveError.self) { try ObjectiveExpression(parsing: long) }
  }

  private static let soup = [
    "latency.p99", "latency", "throughput", "offered", "sent", "verify.lost", "messages.sent", "nonsense", "p99", ".",
    "<", "<=", ">", ">=", "==", "=", "!", "&&", "+", "-", "*", "/", "(", ")", "%", "0", "1", "0.99", "1ms", "50k/s",
    "4KiB", "5%", "10M", "1/", "/s", "99999999999999999999", "1..2", "1.", " ", "  ", "\t", "\n", "µs", "5µs", "ä", "🐇",
    "\u{0}", "e", "1e9", "_", "and", "s",
  ]

  /// Whatever stands there: it is an expression that reads back as itself, or an error inside the text.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func tokenSoupIsReadOrRefusedWithAPlace(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for round in 0..<2_000 {
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in Self.soup.randomElement(using: &random)! }
        .joined(separator: ["", " "].randomElement(using: &random)!)
      let label = "seed \(seed), round \(round): \(text)"
      do throws(ObjectiveError) {
        let expression = try ObjectiveExpression(parsing: text)
        let again = try ObjectiveExpression(parsing: expression.text)
        #expect(again.text == expression.text && again.observed == expression.observed, "\(label)")
        #expect(again.limit == expression.limit && again.dimension == expression.dimension, "\(label)")
        for metric in expression.metrics {
          let rest = text.unicodeScalars.dropFirst(metric.offset)
          #expect(rest.starts(with: metric.name.unicodeScalars), "\(label)")
        }
        _ = expression.sides { _ in 0 }
      } catch {
        #expect((0...text.unicodeScalars.count).contains(error.offset), "\(label): \(error)")
        #expect(!error.message.isEmpty, "\(label)")
      }
    }
  }

  /// Sums, products and parentheses of one unit are always well-formed, and mean what arithmetic says.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func arithmeticIsThatOfSwift(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func term(_ depth: Int) -> (text: String, value: Double) {
      guard depth > 0, Bool.random(using: &random) else {
        let value = Int.random(in: 1...999, using: &random)
        return ("\(value)us", Double(value) * 1_000)
      }
      let (left, right) = (term(depth - 1), term(depth - 1))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return ("(\(left.text) + \(right.text))", left.value + right.value)
      case 1: return ("(\(left.text) - \(right.text))", left.value - right.value)
      case 2: return ("3 * \(left.text)", 3 * left.value)
      default: return ("(\(left.text) / 2)", left.value / 2)
      }
    }
    for _ in 0..<200 {
      let limit = term(5)
      let expression = try ObjectiveExpression(parsing: "latency.max < \(limit.text)")
      let value = try #require(expression.constantLimit)
      #expect(abs(value - limit.value) <= 1e-6 * max(1, abs(limit.value)), "seed \(seed): \(limit.text)")
    }
  }
}
