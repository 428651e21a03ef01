import Glibc

/// The largest distance between the distribution of `sample` and the exponential one of the given mean.
func kolmogorovSmirnov(_ sample: [Double], mean: Double) -> Double {
  let count = Double(sample.count)
  var largest = 0.0
  for (rank, value) in sample.sorted().enumerated() {
    let expected = 1 - exp(-value / mean)
    largest = max(largest, expected - Double(rank) / count, Double(rank + 1) / count - expected)
  }
  return largest
}
