extension ScenarioBuilder {
  static let workflowKeys = ["chain", "group", "chord"]

  /// The tasks that workflows name: they are not sent by themselves unless they have a weight.
  func workflowParts(of entries: [SourceNode.Entry]) -> Set<String> {
    var parts: Set<String> = []
    for entry in entries {
      for key in Self.workflowKeys { parts.formUnion(names(in: entry.value[key]).map(\.name)) }
    }
    return parts
  }

  /// Not recorded for a part of a workflow or a task of the beat that says none: there is nothing that could be written in its place.
  mutating func weight(isPart: Bool, in section: Section) -> Double {
    isPart && section.node?["weight"] == nil ? 0 : number("weight", in: section)
  }

  /// Not recorded when left out: then it is that of the clients.
  mutating func taskPayload(in section: Section) -> Scenario.Distribution? {
    guard section.node?["payload"] != nil else { return nil }
    return distribution("payload", .payload, in: section)
  }

  // MARK: - Reading

  /// What stands in the place of a task; nil for a task.
  mutating func workflow(in section: Section) -> Scenario.TaskWorkflow? {
    let given = (section.node?.entries ?? []).filter { Self.workflowKeys.contains($0.key) }
    guard let first = given.first else { return nil }
    if given.count > 1 {
      report(
        .conflict, "a task is one workflow, not a `\(first.key)` and a `\(given[1].key)`", at: given[1].keyPosition,
        "keep one of them; a workflow may name another one")
    }
    switch first.key {
    case "chain":
      let names = names(in: first.value).map(\.name)
      recordNames(names, "chain", in: section)
      return .chain(names)
    case "group": return .group(members("group", in: section))
    default:
      let inner = section.section("chord")
      for name in ["header", "body"] where inner.node?[name] == nil {
        report(
          .missingKey, "`chord` needs `\(name)`", at: inner.position, "write { header: { map: 8 }, body: reduce }")
      }
      let body = givenText("body", in: inner) ?? ""
      if !body.isEmpty { record(.string(body), body, "body", in: inner, isDefault: false) }
      return .chord(header: members("header", in: inner), body: body)
    }
  }

  private mutating func members(_ name: String, in section: Section) -> [String] {
    let names = names(in: section.node?[name]).map(\.name)
    recordNames(names, name, in: section)
    return names
  }

  private mutating func recordNames(_ names: [String], _ name: String, in section: Section) {
    record(.array(names.map(JSONValue.string)), Self.summary(of: names), name, in: section, isDefault: false)
  }

  /// `map × 8, check`.
  private static func summary(of names: [String]) -> String {
    var runs: [(name: String, count: Int)] = []
    for name in names {
      if runs.last?.name == name { runs[runs.count - 1].count += 1 } else { runs.append((name, 1)) }
    }
    return runs.map { $0.count == 1 ? $0.name : "\($0.name) × \($0.count)" }.joined(separator: ", ")
  }

  /// The names of a list, of a map from names to counts, of a chord, or a single name; each where it is written. What has another form
  /// is refused elsewhere.
  private func names(in node: SourceNode?) -> [(name: String, position: SourcePosition)] {
    guard let node else { return [] }
    switch node.kind {
    case .scalar(let name): return [(name, node.position)]
    case .list(let items): return items.flatMap { $0.scalar == nil ? [] : names(in: $0) }
    case .map(let entries):
      return entries.flatMap { entry -> [(name: String, position: SourcePosition)] in
        if entry.key == "header" || entry.key == "body", entry.value.scalar.flatMap({ try? Quantity.count($0) }) == nil
        {
          return names(in: entry.value)
        }
        let count = entry.value.scalar.flatMap { try? Quantity.count($0) } ?? 1
        // Beyond the limit of its kind it was refused.
        return Array(repeating: (entry.key, entry.keyPosition), count: Int(min(max(count, 0), 1_000)))
      }
    case .null, .missing: return []
    }
  }

  // MARK: - Meaning

  /// A workflow is no task: what is said of one is said of its tasks.
  mutating func workflowTask(
    _ workflow: Scenario.TaskWorkflow, _ entry: SourceNode.Entry, isPart: Bool, in section: Section
  ) -> Scenario.TaskKind {
    for other in entry.value.entries
    where !Self.workflowKeys.contains(other.key) && !["weight", "schedule"].contains(other.key)
      && KeyTable.task.key(other.key) != nil
    {
      report(
        .keyWithoutEffect, "`\(entry.key)` is a workflow, so that `\(other.key)` has no say", at: other.keyPosition,
        "say it of its tasks: \(Spelling.list(workflow.names))")
    }
    return Scenario.TaskKind(
      name: entry.key, serviceTime: .fixed(0), busy: .spin, weight: weight(isPart: isPart, in: section),
      failingShare: 0, retryLimit: 0, hasRetryJitter: true, countdownNanoseconds: 0, priority: 0,
      acknowledgesLate: false, isRejectedOnWorkerLost: false, schedule: schedule(in: section),
      workflow: workflow,
      source: entry.keyPosition)
  }

  /// What can only be said of all tasks together.
  mutating func checkWorkflows(_ tasks: [Scenario.TaskKind], _ entries: [SourceNode.Entry]) {
    let byName = Dictionary(tasks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var areSound = true
    for (task, entry) in zip(tasks, entries) where task.workflow != nil {
      for key in Self.workflowKeys where entry.value[key] != nil {
        areSound = checkNames(in: entry.value[key], key, byName) && areSound
      }
    }
    guard areSound else { return }
    for task in tasks where task.workflow != nil {
      if let circle = circle(from: task.name, byName) {
        report(
          .cycle, "the workflow `\(task.name)` contains itself: \(circle.joined(separator: " → "))",
          at: task.source, "take `\(circle[circle.count - 2])` out of one of them")
        return
      }
    }
    for task in tasks where task.workflow != nil { checkWorkflow(task, byName) }
  }

  /// Whether every name is that of a task, and there is one.
  private mutating func checkNames(
    in node: SourceNode?, _ key: String, _ tasks: [String: Scenario.TaskKind]
  ) -> Bool {
    let names =
      names(in: key == "chord" ? node?["header"] : node) + (key == "chord" ? self.names(in: node?["body"]) : [])
    var isSound = true
    var reported: Set<String> = []
    for (name, position) in names where tasks[name] == nil && reported.insert(name).inserted {
      isSound = false
      report(
        .unknownReference, "there is no task `\(name)`", at: position,
        Spelling.suggestion(for: name, among: tasks.keys.sorted())
          ?? "the tasks are \(Spelling.list(tasks.keys.sorted()))")
    }
    let parts: [(words: String, node: SourceNode?)] =
      key == "chord" ? [("the `header` of a chord", node?["header"])] : [("a `\(key)`", node)]
    for part in parts {
      guard let inner = part.node, self.names(in: inner).isEmpty else { continue }
      isSound = false
      guard inner.entries.isEmpty, inner.items.isEmpty else { continue }
      report(.missingKey, "\(part.words) has no tasks", at: inner.position, "name at least one task")
    }
    return isSound && (key != "chord" || (node?["header"] != nil && node?["body"]?.scalar != nil))
  }

  /// The names from `start` back to it; nil when it does not contain itself.
  private func circle(from start: String, _ tasks: [String: Scenario.TaskKind]) -> [String]? {
    var visited: Set<String> = []
    func path(from name: String) -> [String]? {
      for next in Set(tasks[name]?.workflow?.names ?? []).sorted() {
        if next == start { return [name, next] }
        guard visited.insert(next).inserted, let rest = path(from: next) else { continue }
        return [name] + rest
      }
      return nil
    }
    return path(from: start)
  }

  private mutating func checkWorkflow(_ task: Scenario.TaskKind, _ tasks: [String: Scenario.TaskKind]) {
    let size = task.size(tasks)
    if size > Scenario.TaskWorkflow.sizeLimit {
      report(
        .outOfRange, "the workflow `\(task.name)` has \(size) tasks", at: task.source,
        "use \(Scenario.TaskWorkflow.sizeLimit) or less")
    }
    // A chord needs the results of its header, a chain those of its steps, a group those of its members: only the last may be dropped,
    // and whoever drops it waits for nothing.
    guard let ignoring = task.workflow?.names.compactMap({ tasks[$0] }).first(where: \.ignoresResult) else { return }
    report(
      .conflict, "the workflow `\(task.name)` needs the result of `\(ignoring.name)`, which has `ignore_result`",
      at: task.source, "remove `ignore_result` from `\(ignoring.name)`")
  }
}

extension Scenario.TaskKind {
  /// How many tasks it is; of workflows without circles. Counts no further than is of interest.
  fileprivate func size(_ tasks: [String: Scenario.TaskKind]) -> Int {
    guard let workflow else { return 1 }
    return workflow.names.reduce(0) { sum, name in
      sum > Scenario.TaskWorkflow.sizeLimit ? sum : sum + (tasks[name]?.size(tasks) ?? 0)
    }
  }
}
