import Platform
import ResultModel
import ScenarioModel

/// Whether enough trials count where some were disturbed.
extension RunJudge {
  /// What is missing when so many trials were disturbed that fewer count than were asked for: one verdict for each variant that lacks some.
  func tooFewTrials(of variants: [VariantResult]) -> [Verdict] {
    // In pairs the trial of a candidate counts with its partner alone.
    let baseline = trials.order == .paired ? variants.first(where: \.baseline) : nil
    return variants.compactMap { variant in
      let partner = variant.baseline ? nil : baseline
      return tooFewTrials(of: variant, beside: partner, among: variants.count)
    }
  }

  private func tooFewTrials(
    of variant: VariantResult, beside partner: VariantResult?, among variantCount: Int
  ) -> Verdict? {
    let planned = Self.planned(variant) + (partner.map(Self.planned) ?? [])
    let disturbedCount = planned.count { $0.status == .disturbed }
    let sound = Self.planned(variant).filter { $0.status == .ok }
    let countedCount =
      partner.map { partner in
        let indices = Set(Self.planned(partner).filter { $0.status == .ok }.map(\.index))
        return sound.count { indices.contains($0.index) }
      } ?? sound.count
    let askedCount = trials.stopEarly?.leastCount ?? trials.count
    guard disturbedCount > 0, countedCount < askedCount else { return nil }
    let place = variantCount > 1 ? " \(variant.slug)" : ""
    let noun = partner == nil ? "trials" : "pairs"
    return Verdict(
      kind: .environment, id: "enough undisturbed \(noun)\(place)", ok: false, observed: Double(countedCount),
      limit: Double(askedCount), unit: noun,
      detail:
        "\(disturbedCount) of \(planned.count) trials were beyond a limit of trials.disturbed, so that only "
        + "\(countedCount) of \(askedCount)\(partner == nil ? "" : " pairs") count: \(remedy(for: variant))")
  }

  private static func planned(_ variant: VariantResult) -> [TrialResult] {
    variant.trials.filter { $0.batch == nil && !$0.isRehearsal }
  }

  /// Pressure counts the run's own threads, too, and with more of those than cores no machine is quiet enough.
  private func remedy(for variant: VariantResult) -> String {
    if trials.disturbed?.pressureLimit != nil, let threads = variant.threads, threads > CPUTopology.coreCount {
      return "its own \(threads) threads share \(CPUTopology.coreCount) cores, which is pressure by itself; use fewer, "
        + "or a higher limit"
    }
    return "repeat it when less else runs, or use a higher limit"
  }
}
