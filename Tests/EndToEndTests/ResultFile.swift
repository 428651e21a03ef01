import Foundation

/// The parts of `result.json` that these tests look at, read without ringside's own types: it is a contract.
struct ResultFile {
  struct Phase {
    var name: String
    var sampleType: String
    var received: Int
    /// Violations by their name in the file, the four that every run counts.
    var violations: [String: Int]
    /// Bytes that its workers allocated, and how many of them in each interval; nil where it is not known.
    var allocated: Int?
    var allocatedByInterval: [Int?]
  }

  let tree: [String: Any]

  init(_ url: URL) throws {
    guard let tree = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] else {
      throw CocoaError(.propertyListReadCorrupt)
    }
    self.tree = tree
  }

  var status: String { tree["status"] as? String ?? "" }
  var exitCode: Int { tree["exit_code"] as? Int ?? -1 }
  var scenarioName: String { (tree["scenario"] as? [String: Any])?["name"] as? String ?? "" }
  var variants: [[String: Any]] { tree["variants"] as? [[String: Any]] ?? [] }
  var slugs: [String] { variants.map { $0["slug"] as? String ?? "" } }
  private var trials: [[String: Any]] {
    variants.flatMap { $0["trials"] as? [[String: Any]] ?? [] }
  }
  /// The place of each trial in the order of execution, by variant and index.
  var orders: [Int] { trials.map { $0["order"] as? Int ?? -1 } }
  var trialStatuses: [String] { trials.map { $0["status"] as? String ?? "" } }

  private static let violations = ["lost", "duplicated", "reordered", "corrupted"]

  var phases: [Phase] {
    trials.flatMap { $0["phases"] as? [[String: Any]] ?? [] }.map { phase in
      Phase(
        name: phase["name"] as? String ?? "", sampleType: phase["sample_type"] as? String ?? "",
        received: (phase["counts"] as? [String: Int])?["received"] ?? 0,
        violations: (phase["verify"] as? [String: Any] ?? [:]).filter { Self.violations.contains($0.key) }
          .compactMapValues { $0 as? Int },
        allocated: (phase["resources"] as? [String: Any])?["allocated_bytes"] as? Int,
        allocatedByInterval: (phase["intervals"] as? [[String: Any]] ?? []).map { $0["allocated_bytes"] as? Int })
    }
  }
}
