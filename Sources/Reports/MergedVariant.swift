import Histograms
import ResultModel

/// A variant with the histograms of its trials merged, phase by phase.
///
/// Histograms are merged, percentiles never averaged. Trials that went wrong stay out, unless no trial went right.
struct MergedVariant {
  /// One series of one phase over all trials.
  struct Series {
    var name: String
    var histogram: LatencyHistogram
    var summary: LatencySummary
  }

  /// One phase over all trials.
  struct Phase {
    var name: String
    var sampleType: PhaseResult.SampleType
    /// The phase in each trial that is merged; never empty.
    var parts: [PhaseResult]
    /// What the verification found in it, in every trial, also in those that went wrong; `nil` where it was off.
    var checks: [VerificationCounts?]
    var series: [Series]
    /// Whether every trial that has it was disturbed, so that its figures do not count.
    var isDisturbed = false
    /// What of it could not be merged and why, a sentence for each series.
    var defects: [String] = []

    /// Whether the verification found something.
    var isWrong: Bool { checks.contains { $0?.isClean == false } }
  }

  /// More values than this were never measured, and their sums need not fit 64 bits.
  private static let countLimit = 1 << 60

  let slug: String
  let phases: [Phase]

  /// Merges the trials that count.
  init(_ variant: VariantResult) { self.init(variant, showsDisturbed: false) }

  /// Merges the trials that count; where none does, and only for somebody who says so, those that were disturbed.
  init(_ variant: VariantResult, showsDisturbed: Bool) {
    slug = variant.slug
    let counted = variant.countedTrials
    let isDisturbed = counted.isEmpty && showsDisturbed
    let trials = isDisturbed ? variant.trials.filter { $0.status == .disturbed } : counted
    var phases: [Phase] = []
    for part in trials.flatMap(\.phases) {
      if let index = phases.firstIndex(where: { $0.name == part.name && $0.sampleType == part.sampleType }) {
        phases[index].parts.append(part)
      } else {
        phases.append(
          Phase(
            name: part.name, sampleType: part.sampleType, parts: [part], checks: [], series: [],
            isDisturbed: isDisturbed))
      }
    }
    for index in phases.indices {
      let parts = phases[index].parts
      phases[index].checks = variant.trials.flatMap(\.phases).filter {
        $0.name == parts[0].name && $0.sampleType == parts[0].sampleType
      }.map(\.verification)
      for name in PhaseResult.seriesNames {
        let (series, defect) = Self.series(name, of: parts)
        if let series { phases[index].series.append(series) }
        if let defect { phases[index].defects.append(defect) }
      }
    }
    self.phases = phases
  }

  /// The series is nil when it was not recorded, or without its histogram. A foreign file may hold anything: what cannot be read or
  /// merged is left out, and the second says so.
  static func series(_ name: String, of parts: [PhaseResult]) -> (series: Series?, defect: String?) {
    var merged: LatencyHistogram?
    var smallest = Int64.max
    var largest = Int64.min
    var saturatedCount = 0
    var failures: [String] = []
    let summaries = parts.compactMap { $0[series: name] }
    for summary in summaries {
      do throws(HistogramDecodingError) {
        guard let histogram = try summary.histogram() else { continue }
        guard merged == nil || merged?.layout == histogram.layout else {
          failures.append("its range is another")
          continue
        }
        guard histogram.count <= countLimit - (merged?.count ?? 0) else { throw .tooManyCounts }
        if merged == nil { merged = LatencyHistogram(layout: histogram.layout) }
        merged?.merge(histogram)
        smallest = min(smallest, summary.min)
        largest = max(largest, summary.max)
        saturatedCount += summary.saturatedCount ?? 0
      } catch {
        failures.append("\(error)")
      }
    }
    let defect = failures.first.map {
      "the histogram of \(name) is left out in \(failures.count) of \(Words.plural(summaries.count, "trial")): \($0)"
    }
    // The encoding does not tell what was beyond the range, either.
    guard let merged,
      var summary = LatencySummary(histogram: merged, keepingHistogram: false, saturatedCount: saturatedCount)
    else { return (nil, defect) }
    // The encoding keeps only buckets; the trials know the exact ends.
    summary.min = smallest
    summary.max = largest
    summary.percentiles["100"] = largest
    if ["latency", "service_time"].contains(name), parts.contains(where: { $0.labels.contains(.autocorrelated) }) {
      summary.widenIntervals(asIn: parts.compactMap { $0[series: name] })
    }
    return (Series(name: name, histogram: merged, summary: summary), defect)
  }

  /// What could not be merged, each with its place.
  var defects: [String] { phases.flatMap { phase in phase.defects.map { "\(slug), phase \(phase.name): \($0)" } } }

  /// The `.hgrm` files: `<slug>.<series>.hgrm`, where the series is preceded by the phase when there are several, since
  /// different loads are not merged. The warm-up has none.
  var percentileReports: [(name: String, text: String)] {
    let normal = phases.filter { $0.sampleType == .normal }
    return normal.flatMap { phase in
      phase.series.map { series in
        let name = normal.count == 1 ? series.name : "\(phase.name).\(series.name)"
        return ("\(slug).\(name).hgrm", PercentileReport(series.histogram).text)
      }
    }
  }
}
