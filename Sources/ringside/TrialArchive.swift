internal import Glibc
internal import LoadEngine
internal import Reports
internal import ResultModel
internal import ScenarioModel

/// Keeps every trial aside as soon as it is over, in `trials/` of the results directory, so that a killed process or a
/// full disk at the end costs the current trial at most. Removed when everything has been written.
///
/// Ownership: the thread that runs the command.
final class TrialArchive {
  private let directory: ResultDirectory
  private var keptNames: [String] = []
  private var trialCount = 0
  private var hasComplained = false

  private var folder: String { "\(directory.path)/trials" }

  init(in directory: ResultDirectory) { self.directory = directory }

  /// Writes the trial, making its folder again when somebody removed it. What cannot be written is said once; the trial is
  /// still in memory.
  func keep(_ outcome: TrialOutcome, of variant: ScenarioVariant) {
    trialCount += 1
    let name = "\(variant.slug).t\(outcome.result.index).json"
    do {
      let bytes = try ResultCoding.encode(outcome)
      try ResultDirectory(path: folder).ensure()
      try ResultDirectory(path: folder).write(bytes, to: name)
      keptNames.append(name)
    } catch {
      guard !hasComplained else { return }
      hasComplained = true
      StandardStream.say("ringside: trials cannot be kept aside: \(error)")
    }
  }

  /// Removes what was kept: everything is in the results now.
  func clear() {
    for name in keptNames { _ = unsafe unlink("\(folder)/\(name)") }
    _ = unsafe rmdir(folder)
  }

  /// What is left for the user when the results cannot be written.
  var remains: String? {
    guard !keptNames.isEmpty else { return nil }
    let count = keptNames.count == trialCount ? "all \(trialCount)" : "\(keptNames.count) of \(trialCount)"
    return "\(count) trials are kept in \(folder)"
  }
}
