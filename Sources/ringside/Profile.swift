internal import ArgumentParser

/// How much a run costs and can tell, in a word: changes to the scenario that come before those of `--set`.
enum Profile: String, ExpressibleByArgument, CaseIterable {
  /// Ten pairs of trials, for a change that is about to be made: a sign-flip test of ten can reach p = 0.002.
  case quick
  /// Twenty trials of each variant, and searches of a capacity, for the night.
  case nightly

  /// What it changes, as `--set` would.
  var overrides: [String] {
    let count =
      switch self {
      case .quick: ["trials.count=10", "trials.order=paired"]
      case .nightly: ["trials.count=20"]
      }
    // A rule that ends trials early would make their number something else again.
    return count + ["trials.stop_early=null"]
  }
}
