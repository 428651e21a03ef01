/// Which variant of a matrix `baseline` names.
struct BaselineChoice {
  private(set) var problems: [ScenarioProblem] = []
  /// The place of the variant.
  private(set) var index: Int?

  /// - Parameters:
  ///   - node: The value of `baseline`: a map from axes to values, or an id or slug.
  ///   - variants: The cells of each variant; nil when the scenario has no matrix.
  init(_ node: SourceNode, among variants: [[MatrixCell]]?) {
    guard let variants else {
      problems.append(
        .init(
          .conflict, "`baseline` names a variant, and there is no `matrix`", at: node.position,
          suggestion: "add a matrix, or remove `baseline`"))
      return
    }
    let found: [Int]
    if let text = node.scalar {
      found = variants.indices.filter {
        VariantNames.id(of: variants[$0]) == text
          || VariantNames.slug(of: variants[$0], number: $0 + 1, of: variants.count) == text
      }
    } else {
      let wanted = node.entries.map { MatrixCell(axis: $0.key, value: $0.value) }
      found = variants.indices.filter { Matrix.matches(variants[$0], wanted) }
    }
    index = found.first
    guard found.count != 1 else { return }
    let ids = variants.map(VariantNames.id)
    let suggestion =
      found.isEmpty
      ? Spelling.suggestion(for: node.flowText, among: ids) ?? "for example \(ids.first ?? "")"
      : "name a value on every axis"
    problems.append(
      .init(
        .unknownReference,
        found.isEmpty
          ? "there is no variant `\(node.flowText)`" : "`\(node.flowText)` matches \(found.count) variants",
        at: node.position, suggestion: suggestion))
  }
}
