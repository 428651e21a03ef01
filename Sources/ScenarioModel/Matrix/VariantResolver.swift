/// From the merged tree of a file to its variants: replaces variables, checks every key once, and builds each variant.
///
/// A key is checked where it is written, once for the file and once for each value of an axis; what settings mean together
/// is checked in every variant. Cost: a fraction of a millisecond per variant.
struct VariantResolver {
  private let tree: SourceNode
  private let path: String
  private let environment: [String: String]
  private let comparesElsewhere: Bool
  /// The files with data that the scenario names.
  private(set) var data: DataFiles
  /// All that is wrong, in no order; a problem that several variants have is there once.
  private(set) var problems: [ScenarioProblem] = []
  /// The variables of the environment that were taken.
  private(set) var usedEnvironment: [String: String] = [:]
  private var findings = VariantFindings()

  init(
    _ tree: SourceNode, path: String, environment: [String: String], comparesElsewhere: Bool, data: DataFiles
  ) {
    self.tree = tree.withoutNulls()
    self.path = path
    self.environment = environment
    self.comparesElsewhere = comparesElsewhere
    self.data = data
  }

  /// The variants, nil when there were problems.
  mutating func resolve() -> ScenarioVariants? {
    if let compare = tree["compare"], compare["against"] == nil, tree["baseline"] == nil, !comparesElsewhere {
      problems.append(
        .init(
          .missingKey, "nothing to compare with", at: compare.position,
          suggestion: "name a variant of the matrix with `baseline`, or an earlier run with `against`"))
    }
    guard let matrixNode = tree["matrix"], case .map = matrixNode.kind else {
      let root = interpolated(tree)
      checkKeys(of: root)
      if let baseline = root["baseline"] { problems += BaselineChoice(baseline, among: nil).problems }
      let (scenario, own) = build(root)
      problems += own
      return problems.isEmpty ? scenario.map(ScenarioVariants.init(only:)) : nil
    }
    let usesVariables = Self.axisNames(of: matrixNode).contains(where: MatrixAxis.isVariable)
    // With an axis of variables the file has its meaning in the variants only.
    let parts = SourceNode(
      kind: .map(tree.entries.filter { $0.key == "matrix" || $0.key == "baseline" || $0.key == "vars" }),
      position: tree.position)
    let root = interpolated(usesVariables ? parts : tree)
    checkKeys(of: root)
    var matrix = Matrix(root["matrix"] ?? matrixNode)
    let combinations = matrix.combinations()
    problems += matrix.problems
    guard !combinations.isEmpty else {
      if !usesVariables { problems += build(root.without("matrix")).problems }
      return nil
    }
    var baseline: Int?
    if let node = root["baseline"] {
      let choice = BaselineChoice(node, among: combinations)
      problems += choice.problems
      baseline = choice.index
    }
    let base = (usesVariables ? tree : root).without("matrix")
    if !usesVariables { checkValues(of: combinations, in: base) }
    let variants = variants(combinations, of: base, baseline: baseline, usesVariables: usesVariables)
    problems += findings.problems(among: combinations.count)
    if combinations.count > 1, let trace = base["output"]?["trace"] {
      problems.append(
        .init(
          .conflict, "`trace` records one variant, not \(combinations.count)", at: trace.position,
          suggestion: "remove `matrix` or `trace`"))
    }
    guard problems.isEmpty, variants.count == combinations.count else { return nil }
    refuseEqual(variants, combinations)
    refuseTooManyTrials(variants, at: root["trials"]?.position ?? matrixNode.position)
    guard problems.isEmpty else { return nil }
    return ScenarioVariants(
      variants: variants,
      resolvedJSON: Self.resolvedJSON(of: variants, root["matrix"], baseline: baseline.map { combinations[$0] }))
  }

  private static func axisNames(of matrix: SourceNode) -> [String] {
    matrix.entries.map(\.key) + (matrix["include"]?.items ?? []).flatMap { $0.entries.map(\.key) }
  }

  private mutating func interpolated(_ node: SourceNode) -> SourceNode {
    var interpolation = Interpolation(variables: node["vars"], environment: environment)
    let result = interpolation.resolve(node)
    problems += interpolation.problems
    note(interpolation)
    return result
  }

  private mutating func note(_ interpolation: Interpolation) {
    for name in interpolation.taken { usedEnvironment[name] = environment[name] }
  }

  private mutating func checkKeys(of root: SourceNode) {
    var checker = KeyChecker()
    checker.check(root)
    problems += checker.problems
  }

  private mutating func build(_ root: SourceNode) -> (scenario: Scenario?, problems: [ScenarioProblem]) {
    var builder = ScenarioBuilder(root: root, path: path, data: data)
    let scenario = builder.build()
    data = builder.data
    return (scenario, builder.problems)
  }

  // MARK: - Variants

  /// Checks every value of every axis where it stands, once.
  private mutating func checkValues(of combinations: [[MatrixCell]], in base: SourceNode) {
    var seen: Set<SourcePosition> = []
    let known = Set(problems.map(\.position))
    for cell in combinations.joined() where seen.insert(cell.value.position).inserted {
      guard let root = applied([cell], to: base) else { continue }
      var checker = KeyChecker()
      checker.check(root)
      problems += checker.problems.filter { !known.contains($0.position) && !problems.contains($0) }
    }
  }

  private mutating func variants(
    _ combinations: [[MatrixCell]], of base: SourceNode, baseline: Int?, usesVariables: Bool
  ) -> [ScenarioVariant] {
    var variants: [ScenarioVariant] = []
    variants.reserveCapacity(combinations.count)
    for (index, cells) in combinations.enumerated() where !findings.isFull {
      guard var root = applied(cells, to: base) else { continue }
      var own: [ScenarioProblem] = []
      if usesVariables {
        var interpolation = Interpolation(variables: root["vars"], environment: environment)
        root = interpolation.resolve(root)
        note(interpolation)
        var checker = KeyChecker()
        checker.check(root)
        own = interpolation.problems + checker.problems
      }
      let (scenario, contradictions) = build(root)
      own += contradictions
      findings.note(own.filter { !problems.contains($0) }, in: cells)
      guard let scenario, own.isEmpty else { continue }
      variants.append(
        ScenarioVariant(
          cells, number: index + 1, of: combinations.count, isBaseline: index == baseline, scenario: scenario))
    }
    return variants
  }

  /// The file with the values of a variant; nil, and a problem, when one has no place in it.
  private mutating func applied(_ cells: [MatrixCell], to base: SourceNode) -> SourceNode? {
    var root = base
    for cell in cells {
      do throws(ScenarioProblem) {
        try cell.assignment.apply(to: &root)
      } catch {
        var problem = error
        problem.code = .unknownReference
        if !problems.contains(problem) { problems.append(problem) }
        return nil
      }
    }
    return cells.contains { $0.value.kind == .null } ? root.withoutNulls() : root
  }

  private mutating func refuseTooManyTrials(_ variants: [ScenarioVariant], at position: SourcePosition) {
    let count = variants.count * variants[0].scenario.trials.countMax
    guard count > ScenarioVariants.trialCountLimit else { return }
    problems.append(
      .init(
        .outOfRange,
        "\(variants.count) variants make \(count) trials, and \(ScenarioVariants.trialCountLimit) is the most",
        at: position, suggestion: "use fewer trials or fewer variants"))
  }

  /// An axis that changes nothing would look like a finding.
  private mutating func refuseEqual(_ variants: [ScenarioVariant], _ combinations: [[MatrixCell]]) {
    var first: [String: Int] = [:]
    for (index, variant) in variants.enumerated() {
      guard let other = first[variant.scenario.resolvedJSON] else {
        first[variant.scenario.resolvedJSON] = index
        continue
      }
      let differing = combinations[index].first { cell in
        !combinations[other].contains { $0.axis == cell.axis && $0.text == cell.text }
      }
      problems.append(
        .init(
          .conflict, "the variants `\(variants[other].id)` and `\(variant.id)` are the same scenario",
          at: differing?.value.position ?? tree.position,
          suggestion: Self.hint(differing, combinations[other])))
      if problems.count >= 20 { return }
    }
  }

  /// Why a value may change nothing: it is another spelling of its neighbour's, or a short name does not reach what it was
  /// meant to change.
  private static func hint(_ cell: MatrixCell?, _ others: [MatrixCell]) -> String {
    guard let cell, let other = others.first(where: { $0.axis == cell.axis }), KeyTable.axes.contains(cell.axis),
      !Quantity.areEqual(cell.text, other.text)
    else { return "both values mean the same; keep one of them" }
    return "a group that says otherwise is not changed by a short name; use a dotted path"
  }

  private static func resolvedJSON(
    of variants: [ScenarioVariant], _ matrix: SourceNode?, baseline: [MatrixCell]?
  ) -> String {
    var members = "\"matrix\":" + (matrix?.json.text ?? "{}")
    if let baseline {
      let values = Dictionary(baseline.map { ($0.axis, $0.value.json) }, uniquingKeysWith: { first, _ in first })
      members = "\"baseline\":" + JSONValue.object(values).text + "," + members
    }
    // The resolved text is an object with members, always.
    return "{" + members + "," + variants[0].scenario.resolvedJSON.dropFirst()
  }
}

extension SourceNode {
  /// A map without one of its keys.
  fileprivate func without(_ key: String) -> SourceNode {
    SourceNode(kind: .map(entries.filter { $0.key != key }), position: position)
  }

  /// The value in JSON, every scalar a text.
  fileprivate var json: JSONValue {
    switch kind {
    case .scalar(let text): .string(text)
    case .null, .missing: .literal("null")
    case .list(let items): .array(items.map(\.json))
    case .map(let entries):
      .object(Dictionary(entries.map { ($0.key, $0.value.json) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}
