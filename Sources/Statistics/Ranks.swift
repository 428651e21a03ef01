/// The ranks of values among each other, from 1; equal values share the mean of theirs.
struct Ranks {
  /// Twice the rank of each value, in the order of the values: whole numbers even where ranks are shared.
  let doubled: [Int]
  /// How many values each group of equal ones has, where there are several.
  let tieSizes: [Int]

  /// Ranks `values`. O(n log n).
  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var doubled = [Int](repeating: 0, count: values.count)
    var tieSizes: [Int] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { doubled[order[place]] = start + 1 + end }
      if end - start > 1 { tieSizes.append(end - start) }
      start = end
    }
    self.doubled = doubled
    self.tieSizes = tieSizes
  }
}
