/// Two trials that were run beside each other: their places among the counted trials of their variants.
struct TrialPair: Equatable {
  var baseline: Int
  var candidate: Int

  /// The trials of equal index. One that does not count leaves its neighbour without a partner: what is repeated is repeated in pairs,
  /// under an index of its own.
  static func all(_ baseline: VariantResult, _ candidate: VariantResult) -> [TrialPair] {
    let places = Dictionary(
      candidate.countedTrials.enumerated().map { ($1.index, $0) }, uniquingKeysWith: { first, _ in first })
    return baseline.countedTrials.enumerated().compactMap { place, trial in
      places[trial.index].map { TrialPair(baseline: place, candidate: $0) }
    }
  }
}
