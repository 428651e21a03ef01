import ResultModel

extension RunResult {
  /// Every phase with the variant and the trial that it belongs to, in their order.
  var placedPhases: [(variant: VariantResult, trial: TrialResult, phase: PhaseResult)] {
    variants.flatMap { variant in
      variant.trials.flatMap { trial in trial.phases.map { (variant, trial, $0) } }
    }
  }
}
