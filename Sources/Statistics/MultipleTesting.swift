/// Several tests at once: their p, raised so that comparing each with alpha still keeps the promise of all.
public enum MultipleTesting {
  /// Holm's step-down correction: with probability 1 - alpha not one of the rejected hypotheses is true, whatever the tests have to
  /// do with each other. For gates.
  ///
  /// Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979.
  /// - Returns: The adjusted p, in the order of `p`. O(n log n).
  public static func holm(_ p: [Double]) -> [Double] {
    let order = p.indices.sorted { p[$0] < p[$1] }
    var adjusted = p
    var largest = 0.0
    for (place, index) in order.enumerated() {
      largest = max(largest, min(1, p[index] * Double(p.count - place)))
      adjusted[index] = largest
    }
    return adjusted
  }

  /// Benjamini and Hochberg's step-up correction: of the rejected hypotheses on average a share of alpha is true. For looking around.
  ///
  /// Source: Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", 1995; holds for independent tests and for those
  /// that depend on each other positively.
  /// - Returns: The adjusted p, in the order of `p`. O(n log n).
  public static func benjaminiHochberg(_ p: [Double]) -> [Double] {
    let order = p.indices.sorted { p[$0] > p[$1] }
    var adjusted = p
    var smallest = 1.0
    for (place, index) in order.enumerated() {
      smallest = min(smallest, p[index] * (Double(p.count) / Double(p.count - place)))
      adjusted[index] = smallest
    }
    return adjusted
  }
}
