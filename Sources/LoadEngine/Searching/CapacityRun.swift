import Platform
import ResultModel
import ScenarioModel
import Statistics

/// Runs the searches of a run, one variant after the other: asks the search for a rate, runs a trial there, tells what came of it.
///
/// Every trial has a subject of its own, which begins empty, so that a rate is always approached from below: what an earlier overload
/// left behind cannot be taken for the subject's latency.
struct CapacityRun {
  let run: ScenarioVariants
  /// Runs one trial of a variant.
  let execute: (PlannedTrial, ScenarioVariant) throws -> TrialOutcome
  /// Rests between two trials.
  let rest: () -> Void
  let stop: StopFlag

  /// What the trials of one variant were, beside what the result keeps.
  private struct Course {
    var outcomes: [(request: CapacitySearch.Request, trial: PlannedTrial, outcome: TrialOutcome, offset: Int64)] = []
  }

  /// Runs all searches and adds what they measured.
  /// - Parameter start: When the run began.
  /// - Throws: When not even the first trial can be run.
  func perform(into measured: inout MeasuredRun, start: Int64) throws {
    var order = 0
    for (index, variant) in run.variants.enumerated() {
      guard let options = variant.scenario.search, !stop.isRequested || order == 0 else { return }
      var search = CapacitySearch(CapacitySearch.Options(options))
      var record = CapacityRecord(options)
      var course = Course()
      while let request = search.next() {
        if order > 0 { rest() }
        if order > 0, stop.isRequested { break }
        let planned = PlannedTrial(
          variantIndex: index, index: course.outcomes.count, order: order, seed: run.first.seed &+ UInt64(order))
        let offset = MonotonicClock.now() - start
        let outcome = try outcome(of: planned, variant, request, options, isFirst: order == 0)
        order += 1
        course.outcomes.append((request, planned, outcome, offset))
        if outcome.result.status == .aborted { break }
        let reading = CapacityReading(
          outcome.result, options, drainNanoseconds: variant.scenario.load.drainNanoseconds)
        record.add(reading, to: request)
        search.note(reading.reading)
      }
      if stop.isRequested {
        search.stop()
        measured.wasStopped = true
      }
      keep(course, of: search, record, index, in: &measured)
    }
  }

  private func outcome(
    of planned: PlannedTrial, _ variant: ScenarioVariant, _ request: CapacitySearch.Request,
    _ options: Scenario.CapacitySearch, isFirst: Bool
  ) throws -> TrialOutcome {
    var trial = variant
    let factor = request.isConfirmation ? Scenario.confirmationFactor : 1
    trial.scenario = variant.scenario.trial(
      ratePerSecond: request.ratePerSecond, durationNanoseconds: options.durationNanoseconds * factor)
    do {
      return try execute(planned, trial)
    } catch  where !isFirst {
      return .refused(planned, error)
    }
  }

  /// The result has the trials at the capacity; the others are verified, and then told of in the steps only.
  private func keep(
    _ course: Course, of search: CapacitySearch, _ record: CapacityRecord, _ index: Int, in measured: inout MeasuredRun
  ) {
    let capacity = record.result(of: search)
    measured.note(capacity, ofVariant: index)
    let shown = shownTrials(of: search, capacity, course)
    for (_, trial, outcome, offset) in course.outcomes {
      // One that died or hung is a finding, whatever the rate.
      if shown.contains(trial.order) || [.aborted, .crashed, .timedOut].contains(outcome.result.status) {
        measured.add(outcome, of: trial, startOffset: offset)
      } else {
        measured.addUnshown(outcome.result, ofVariant: index)
      }
    }
  }

  /// Orders of the trials that stand for the variant: the usable ones that confirm the result, else those at the highest rate that kept the
  /// limit, else the last ones.
  private func shownTrials(of search: CapacitySearch, _ capacity: CapacityResult, _ course: Course) -> Set<Int> {
    let usable = capacity.steps.filter { $0.trials?.contains { $0.status == .ok } == true }
    let below = usable.filter { $0.ok && $0.ratePerSecond <= capacity.low * 1.0001 }
    let best =
      below.last { $0.confirmation == true } ?? below.max { $0.ratePerSecond < $1.ratePerSecond }
      ?? usable.last { $0.confirmation != true }
    guard let best else { return Set(course.outcomes.suffix(1).map(\.trial.order)) }
    return Set((best.trials ?? []).filter { $0.status == .ok }.map(\.order))
  }
}
