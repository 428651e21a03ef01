/// What was found wrong in the variants of a matrix, each problem once.
struct VariantFindings {
  private struct Finding {
    var problem: ScenarioProblem
    var firstID: String
    var count: Int
  }

  /// Beyond so many different problems nobody reads on.
  private static let limit = 200

  private var found: [Finding] = []

  /// Whether looking at further variants is not worth it.
  var isFull: Bool { found.count >= Self.limit }

  /// Adds the problems of a variant.
  mutating func note(_ problems: [ScenarioProblem], in cells: [MatrixCell]) {
    for problem in problems {
      if let index = found.firstIndex(where: { $0.problem == problem }) {
        found[index].count += 1
      } else {
        found.append(Finding(problem: problem, firstID: VariantNames.id(of: cells), count: 1))
      }
    }
  }

  /// All problems; one that not all variants have says where it was found.
  func problems(among variantCount: Int) -> [ScenarioProblem] {
    found.map { finding in
      var problem = finding.problem
      guard finding.count < variantCount else { return problem }
      let others = finding.count - 1
      let more = others == 0 ? "" : " and \(others) other variant\(others == 1 ? "" : "s")"
      problem.message += " (in the variant `\(finding.firstID)`\(more))"
      return problem
    }
  }
}
