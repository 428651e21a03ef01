/// How many of `count` independent tries succeed when each does with `probability`, strictly between 0 and 1.
struct BinomialDistribution {
  let count: Int
  let probability: Double

  var mean: Double { Double(count) * probability }
  var variance: Double { mean * (1 - probability) }

  /// The probabilities of all numbers of successes that matter, and the first of these numbers.
  ///
  /// From the most likely number outwards by the ratio of neighbours, until a term is below 1e-20 of the largest; then
  /// scaled to a sum of 1, so that no factorial is needed and none can overflow. O(standard deviation).
  func significantProbabilities() -> (first: Int, probabilities: [Double]) {
    let mode = min(Int(Double(count + 1) * probability), count)
    let odds = probability / (1 - probability)
    var below: [Double] = []
    var term = 1.0
    var number = mode
    while number > 0, term > 1e-20 {
      term *= Double(number) / (Double(count - number + 1) * odds)
      number -= 1
      below.append(term)
    }
    let first = number
    var above: [Double] = []
    term = 1
    number = mode
    while number < count, term > 1e-20 {
      term *= Double(count - number) * odds / Double(number + 1)
      number += 1
      above.append(term)
    }
    let terms = below.reversed() + [1] + above
    // The smallest terms of both ends first, to lose least.
    let total = below.reversed().reduce(0, +) + above.reversed().reduce(0, +) + 1
    return (first, terms.map { $0 / total })
  }
}
