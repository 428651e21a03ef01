import Testing

@testable import ScenarioModel

@Suite struct KeyTableTests {
  @Test func everyDefaultIsAValidValue() {
    for row in KeyTable.rows {
      guard let text = row.key.defaultText else { continue }
      let position = SourcePosition(file: "table", line: 1, column: 1)
      let kind =
        if case .list = row.key.kind {
          SourceNode.Kind.list(
            text.split(separator: ", ").map { .init(kind: .scalar(String($0)), position: position) })
        } else {
          SourceNode.Kind.scalar(text)
        }
      var checker = KeyChecker()
      checker.check(.init(kind: kind, position: position), is: row.key.kind, at: .root)
      #expect(checker.problems.isEmpty, "\(row.path): \(checker.problems)")
    }
  }

  @Test func everyKeyIsDocumentedInOneSentence() {
    for row in KeyTable.rows {
      #expect(!row.key.documentation.isEmpty, "\(row.path)")
      #expect(!row.key.documentation.hasSuffix("."), "\(row.path)")
      #expect(!row.key.documentation.contains("|"), "\(row.path)")
    }
  }

  /// A misspelt entry in `Support` would let something through that this version cannot do.
  @Test func supportNamesOnlyKeysAndWordsThatExist() {
    let known = Dictionary(KeyTable.rows.map { ($0.support, $0.words) }, uniquingKeysWith: { first, _ in first })
    for path in Support.unsupportedKeys { #expect(known[path] != nil, "\(path)") }
    for (path, words) in Support.unsupportedValues {
      let row = path.hasSuffix(".*") ? String(path.dropLast(2)) : path
      #expect(Set(known[row] ?? []).isSuperset(of: words), "\(path)")
    }
  }

  /// A word that is neither refused nor a case of the model would be read as the default: ignored.
  @Test func everyWordIsRefusedOrACaseOfTheModel() {
    func check(_ path: String, _ cases: [String]) {
      let words = KeyTable.rows.first { $0.support == path }?.words ?? []
      let refused = Support.unsupportedValues[path] ?? Support.unsupportedValues["\(path).*"] ?? []
      #expect(Set(words).subtracting(refused) == Set(cases), "\(path)")
    }
    check("workload.pattern", Scenario.Pattern.allCases.map(\.rawValue))
    check("workload.ring.kind", Scenario.Ring.Kind.allCases.map(\.rawValue))
    check("workload.ring.publish", Scenario.Ring.Publish.allCases.map(\.rawValue))
    check("workload.ring.memory", Scenario.Ring.Memory.allCases.map(\.rawValue))
    check("topology.exchanges.*.type", Scenario.Exchange.Kind.allCases.map(\.rawValue))
    check("topology.queues.*.overflow", Scenario.Queue.Overflow.allCases.map(\.rawValue))
    check("topology.queues.*.order", Scenario.Queue.Order.allCases.map(\.rawValue))
    check("queue.dispatch", Scenario.Queue.Dispatch.allCases.map(\.rawValue))
    check("producer.serializer", Scenario.Serializer.allCases.map(\.rawValue))
    check("producer.compression", Scenario.Compression.allCases.map(\.rawValue))
    check("producer.payload.shape", Scenario.PayloadShape.allCases.map(\.rawValue))
    check("producer.wait", Scenario.Wait.allCases.map(\.rawValue))
    check("consumer.wait", Scenario.Wait.allCases.map(\.rawValue))
    check("consumer.busy", Scenario.ConsumerGroup.Busy.words.map(\.key))
    check("verify.order", Scenario.Verification.Order.allCases.map(\.rawValue))
    check("verify.payload", Scenario.Verification.PayloadCheck.allCases.map(\.rawValue))
    check("output.formats", Scenario.Output.Format.allCases.map(\.rawValue))
    check("target", ["embedded"])
    check("target.driver", ["embedded"])
    check("time", Scenario.Time.allCases.map(\.rawValue))
  }
}
