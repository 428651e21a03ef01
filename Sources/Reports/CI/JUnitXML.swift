import ResultModel

/// A run as JUnit's XML, which CI systems show as tests: a suite for each variant, a case for each verdict.
enum JUnitXML {
  /// The file of `result`.
  static func text(of result: RunResult) -> String {
    let suites = suites(of: result)
    let failures = result.verdicts.count(where: isFailure)
    let seconds = seconds(result.durationNanoseconds)
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(HTMLText.escaped(result.scenario.name))\" "
      + "tests=\"\(result.verdicts.count)\" failures=\"\(failures)\" errors=\"0\" time=\"\(seconds)\">\n"
      + suites.map { suite($0.name, $0.verdicts, result) }.joined() + "</testsuites>\n"
  }

  /// A verdict belongs to the variant whose slug is in its id, a comparison to its candidate; what is of no variant to the run.
  private static func suites(of result: RunResult) -> [(name: String, verdicts: [Verdict])] {
    guard result.variants.count > 1 else { return [(result.scenario.name, result.verdicts)] }
    var rest = result.verdicts
    var suites: [(name: String, verdicts: [Verdict])] = []
    for variant in result.variants {
      let isOwn = { (verdict: Verdict) in slugs(in: verdict).contains { $0 == variant.slug } }
      let own = rest.filter(isOwn)
      rest.removeAll(where: isOwn)
      if !own.isEmpty { suites.append(("\(result.scenario.name).\(variant.slug)", own)) }
    }
    return rest.isEmpty ? suites : suites + [(result.scenario.name, rest)]
  }

  /// The words of its id that may be the slug it belongs to. A comparison is `METRIC of CANDIDATE against BASELINE`.
  private static func slugs(in verdict: Verdict) -> [Substring] {
    let words = verdict.id.split(separator: " ")
    guard verdict.kind == .comparison, let index = words.firstIndex(of: "of") else { return words }
    return Array(words[(index + 1)...].prefix(1))
  }

  private static func suite(_ name: String, _ verdicts: [Verdict], _ result: RunResult) -> String {
    let cases = verdicts.map { testCase($0, suite: name) }
    return "  <testsuite name=\"\(HTMLText.escaped(name))\" tests=\"\(verdicts.count)\" "
      + "failures=\"\(verdicts.count(where: isFailure))\" errors=\"0\" skipped=\"0\" time=\"\(seconds(result.durationNanoseconds))\" "
      + "timestamp=\"\(HTMLText.escaped(result.started.rfc3339))\">\n" + properties(result) + cases.joined()
      + "  </testsuite>\n"
  }

  /// What every figure of the run is marked by.
  private static func properties(_ result: RunResult) -> String {
    guard !result.marks.isEmpty else { return "" }
    return
      "    <properties>\n      <property name=\"ringside.marks\" value=\"\(result.markText)\"/>\n    </properties>\n"
  }

  private static func testCase(_ verdict: Verdict, suite: String) -> String {
    let place = verdict.source.map {
      " file=\"\(HTMLText.escaped($0.file))\" line=\"\($0.line)\""
    }
    let start =
      "    <testcase classname=\"\(HTMLText.escaped(suite))\" "
      + "name=\"\(HTMLText.escaped(Words.title(verdict)))\"\(place ?? "")"
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
