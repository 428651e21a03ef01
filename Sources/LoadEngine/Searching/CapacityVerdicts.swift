import ResultModel

/// What a reader of a capacity must know.
struct CapacityVerdicts {
  let variants: [VariantResult]

  /// Whether each interval is as narrow as asked for, closed, and confirmed. None of these says that the subject is wrong: they say that the
  /// machine or the trials did not suffice.
  var verdicts: [Verdict] {
    variants.flatMap { variant -> [Verdict] in
      guard let capacity = variant.capacity else { return [] }
      let place = variants.count > 1 ? " \(variant.slug)" : ""
      return [narrow(capacity, place), closed(capacity, place), confirmed(capacity, place)].compactMap { $0 }
    }
  }

  private func narrow(_ capacity: CapacityResult, _ place: String) -> Verdict? {
    guard capacity.exhausted == true, let precision = capacity.precision else { return nil }
    let width = capacity.high.map { ($0 - capacity.low) / $0 }
    return Verdict(
      kind: .environment, id: "capacity known closely enough\(place)", ok: false, observed: width, limit: precision,
      unit: "share",
      detail:
        "the trials were used up before the interval was narrow enough: use a longer `for`, more `trials`, or a quieter "
        + "machine")
  }

  private func closed(_ capacity: CapacityResult, _ place: String) -> Verdict? {
    let reasons = capacity.steps.filter { $0.verdict == .invalid }.flatMap { $0.trials ?? [] }.flatMap(\.reasons)
    guard capacity.high == nil, let reason = reasons.first else { return nil }
    return Verdict(
      kind: .environment, id: "capacity has an upper end\(place)", ok: false,
      detail:
        "more than \(QuantityText.rate(perSecond: capacity.low)) could not be brought about with the subject idle, "
        + "so that its capacity may be higher: \(reason)")
  }

  private func confirmed(_ capacity: CapacityResult, _ place: String) -> Verdict? {
    guard capacity.confirmed == false, capacity.low > 0 else { return nil }
    return Verdict(
      kind: .environment, id: "capacity confirmed\(place)", ok: false,
      detail: "longer trials at the lower end were over the limit on average; what the subject keeps for long is less")
  }

  /// What is no fault of the measurement, in sentences.
  var notes: [String] {
    variants.compactMap { variant in
      guard let capacity = variant.capacity else { return nil }
      let place = variants.count > 1 ? "\(variant.slug): " : ""
      let limit = QuantityText.exactDuration(nanoseconds: Int64(capacity.limit))
      if capacity.low == 0, let lowest = capacity.steps.map(\.ratePerSecond).min() {
        return
          "\(place)no rate down to \(QuantityText.rate(perSecond: lowest)) kept \(capacity.metric ?? "the metric") under \(limit)"
      }
      let isHighest = capacity.high == nil && !capacity.steps.contains { $0.verdict == .invalid || !$0.ok }
      return isHighest
        ? "\(place)even the highest rate that was to be tried kept the limit; use a higher search.capacity.to" : nil
    }
  }
}
