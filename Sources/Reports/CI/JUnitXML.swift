import ResultModel

/// A run as JUnit's XML, which CI systems show as tests: a suite for each variant, a case for each verdict, and an error for a run
/// that was stopped.
enum JUnitXML {
  /// Verdicts that are shown together.
  private struct Suite {
    var name: String
    var verdicts: [Verdict]
    /// How long it was measured.
    var nanoseconds: Int64
    /// Whether the end of the whole run is one of its cases, because it was stopped before.
    var isStopped = false

    var caseCount: Int { verdicts.count + (isStopped ? 1 : 0) }
    var failureCount: Int { verdicts.count(where: JUnitXML.isFailure) }
    var errorCount: Int { isStopped ? 1 : 0 }
  }

  /// The file of `result`.
  static func text(of result: RunResult) -> String {
    let suites = suites(of: result)
    func sum(_ path: KeyPath<Suite, Int>) -> Int { suites.reduce(0) { $0 + $1[keyPath: path] } }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(HTMLText.escaped(result.scenario.name))\" "
      + "tests=\"\(sum(\.caseCount))\" failures=\"\(sum(\.failureCount))\" errors=\"\(sum(\.errorCount))\" "
      + "time=\"\(seconds(result.durationNanoseconds))\">\n"
      + suites.map { text(of: $0, result) }.joined() + "</testsuites>\n"
  }

  /// A verdict belongs to the variant whose slug is in its id, a comparison to its candidate; what is of no variant to the run. A variant
  /// takes the time of its trials, and the run what is left: pauses, and looking at the machine.
  private static func suites(of result: RunResult) -> [Suite] {
    // An objective that ends a run is a failure already.
    let isStopped = result.status == .aborted
    guard result.variants.count > 1 else {
      return [
        Suite(
          name: result.scenario.name, verdicts: result.verdicts, nanoseconds: result.durationNanoseconds,
          isStopped: isStopped)
      ]
    }
    var rest = Suite(
      name: result.scenario.name, verdicts: result.verdicts, nanoseconds: max(0, result.durationNanoseconds),
      isStopped: isStopped)
    var suites: [Suite] = []
    for variant in result.variants {
      let isOwn = { (verdict: Verdict) in slugs(in: verdict).contains { $0 == variant.slug } }
      let own = rest.verdicts.filter(isOwn)
      rest.verdicts.removeAll(where: isOwn)
      guard !own.isEmpty else { continue }
      let time = min(rest.nanoseconds, measuredNanoseconds(variant))
      rest.nanoseconds -= time
      suites.append(Suite(name: "\(result.scenario.name).\(variant.slug)", verdicts: own, nanoseconds: time))
    }
    return rest.caseCount == 0 ? suites : suites + [rest]
  }

  private static func measuredNanoseconds(_ variant: VariantResult) -> Int64 {
    let seconds = variant.trials.flatMap(\.phases).reduce(0) { $0 + Double(max(0, $1.durationNanoseconds)) }
    return Int64(exactly: seconds.rounded()) ?? .max
  }

  /// The words of its id that may be the slug it belongs to. A comparison is `METRIC of CANDIDATE against BASELINE`.
  private static func slugs(in verdict: Verdict) -> [Substring] {
    let words = verdict.id.split(separator: " ")
    guard verdict.kind == .comparison, let index = words.firstIndex(of: "of") else { return words }
    return Array(words[(index + 1)...].prefix(1))
  }

  private static func text(of suite: Suite, _ result: RunResult) -> String {
    let name = HTMLText.escaped(suite.name)
    var seen: [String: Int] = [:]
    var cases = suite.verdicts.map { verdict in
      let title = Words.title(verdict)
      seen[title, default: 0] += 1
      // A trial may be invalid for several reasons, and readers take cases of one name for one.
      let number = seen[title, default: 1]
      return testCase(verdict, title: number > 1 ? "\(title) (\(number))" : title, suite: name)
    }
    if suite.isStopped {
      let code = result.exitCode.rawValue
      cases.append(
        "    <testcase classname=\"\(name)\" name=\"run to its end\">\n      <error message=\"stopped before its end (exit "
          + "\(code)): the figures are of a part of the run\" type=\"aborted\"/>\n    </testcase>\n")
    }
    return "  <testsuite name=\"\(name)\" tests=\"\(suite.caseCount)\" failures=\"\(suite.failureCount)\" "
      + "errors=\"\(suite.errorCount)\" skipped=\"0\" time=\"\(seconds(suite.nanoseconds))\" "
      + "timestamp=\"\(HTMLText.escaped(result.started.rfc3339))\">\n" + properties(result) + cases.joined()
      + "  </testsuite>\n"
  }

  /// What every figure of the run is marked by.
  private static func properties(_ result: RunResult) -> String {
    guard !result.marks.isEmpty else { return "" }
    return
      "    <properties>\n      <property name=\"ringside.marks\" value=\"\(result.markText)\"/>\n    </properties>\n"
  }

  private static func testCase(_ verdict: Verdict, title: String, suite: String) -> String {
    let place = verdict.source.map {
      " file=\"\(HTMLText.escaped($0.file))\" line=\"\($0.line)\""
    }
    let start =
      "    <testcase classname=\"\(suite)\" name=\"\(HTMLText.escaped(title))\"\(place ?? "")"
    guard !verdict.ok else { return start + "/>\n" }
    let text = HTMLText.escaped(Words.sentence(verdict))
    guard isFailure(verdict) else { return start + ">\n      <system-out>\(text)</system-out>\n    </testcase>\n" }
    return start + ">\n      <failure message=\"\(text)\" type=\"\(verdict.kind.rawValue)\"/>\n    </testcase>\n"
  }

  private static func isFailure(_ verdict: Verdict) -> Bool { !verdict.ok && verdict.severity == .error }

  private static func seconds(_ nanoseconds: Int64) -> String {
    let nanoseconds = max(0, nanoseconds)
    let thousandths = String(nanoseconds / 1_000_000 % 1000)
    return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
  }
}
