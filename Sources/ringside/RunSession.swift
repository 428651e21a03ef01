internal import DriverInterface
internal import EmbeddedDriver
internal import Foundation
internal import Glibc
internal import LoadEngine
internal import Platform
internal import Reports
internal import ResultModel
internal import ScenarioModel

/// One run from the scenario to the exit code: makes the results directory and the driver, lets the engine run, and
/// hands what it measured to the reports.
struct RunSession {
  let run: ScenarioVariants
  let settings: RunSettings
  /// The run that this one is compared with, if the scenario names one.
  var earlier: EarlierRun?
  /// The builds that run the variants, in their order; empty when this one runs all.
  var binaries: [TrialBinary] = []

  private var scenario: Scenario { run.first }

  /// Runs to the end, or to the first Ctrl-C, and writes what was measured either way.
  func perform() throws -> ResultModel.ExitCode {
    let started = WallClockTime(millisecondsSinceEpoch: WallClock.now() / 1_000_000)
    let directory = try makeDirectory(started: started)
    let archive = TrialArchive(in: directory)
    var outcome: RunOrchestrator.Outcome
    do {
      outcome = try measure(into: directory, archive)
    } catch {
      directory.removeIfUnused()  // Nothing was measured, so nothing is in it.
      throw failure(for: error)
    }
    do {
      if try directory.ensure() {
        StandardStream.say("ringside: \(directory.path) was removed meanwhile; made it again")
      }
      try directory.write(outcome.recording, formats: scenario.output.formats, traceName: scenario.output.tracePath)
    } catch {
      // What was measured is shown at least, with how the process ends.
      outcome.recording.result.fail(with: error.exitCode)
      try? present(outcome, in: nil)
      let remains = archive.remains.map { "; \($0)" } ?? ""
      throw CommandFailure(outcome.recording.result.exitCode, "cannot write the results: \(error)\(remains)")
    }
    archive.clear()
    try present(outcome, in: directory)
    return outcome.recording.result.exitCode
  }

  /// The directory comes first, so that minutes of measuring are not lost to a mistyped path.
  private func makeDirectory(started: WallClockTime) throws -> ResultDirectory {
    let pattern = settings.outputFolder ?? scenario.output.directoryTemplate
    let path = ResultDirectory.path(pattern: pattern, name: scenario.name, started: started)
    do throws(ResultWritingError) {
      return try ResultDirectory.create(path)
    } catch {
      throw CommandFailure(error.exitCode, "cannot make the results directory: \(error)")
    }
  }

  private func measure(
    into directory: ResultDirectory, _ archive: TrialArchive
  ) throws -> RunOrchestrator.Outcome {
    let stop = StopFlag()
    let interrupts = InterruptHandler(announcement: settings.isQuiet ? nil : InterruptHandler.announcement) { signal in
      stop.request(signal == SIGTERM ? .terminated : .interrupted)
    }
    if !settings.isQuiet { StandardStream.say("Running \(scenario.name), results go to \(directory.path)") }
    let style = TerminalStyle.detect(isTerminal: StandardStream.error.isTerminal, environment: environment)
    let progress = ProgressLine(
      isTerminal: StandardStream.error.isTerminal, isQuiet: settings.isQuiet, style: style,
      width: style.columnCount ?? 80)
    let orchestrator = RunOrchestrator(
      run, executor: executor(stop), tool: BuildInformation.tool, stop: stop, probesNoise: settings.probesNoise,
      isStrict: settings.isStrict, reportsImprovement: settings.reportsImprovement, earlier: earlier,
      variantTools: binaries.map(\.tool),
      keep: { archive.keep($0, of: $1) })
    let outcome = try orchestrator.run { try? StandardStream.error.write(progress.text(.init($0))) }
    try? StandardStream.error.write(progress.clearing)
    // Signals are ours until here: what was measured is complete now.
    withExtendedLifetime(interrupts) {}
    return outcome
  }

  private func executor(_ stop: StopFlag) -> any TrialExecutor {
    if !binaries.isEmpty {
      BuildTrials(binaries, stop: stop)
    } else if scenario.trials.process == .shared {
      SharedProcessTrials(stop: stop) { EmbeddedSubject(ringPeer: .ringPeer, taskChild: .taskChild) }
    } else {
      FreshProcessTrials(subcommand: ["trial"], stop: stop)
    }
  }

  private func present(_ outcome: RunOrchestrator.Outcome, in directory: ResultDirectory?) throws {
    let result = outcome.recording.result
    if settings.printsJSON {
      try StandardStream.output.write(String(decoding: try result.jsonData(), as: UTF8.self))
    } else if !settings.isQuiet {
      let style = TerminalStyle.detect(isTerminal: StandardStream.output.isTerminal, environment: environment)
      try StandardStream.output.write(TerminalSummary(result, directory: directory?.path, style: style).text)
    }
    if settings.isQuiet, result.exitCode != .success {
      for verdict in result.verdicts where !verdict.ok && verdict.severity == .error {
        // The detail says how it failed: not what was asked for, nor of which variant.
        let claim = verdict.kind == .slo ? "SLO \(verdict.id) failed" : verdict.id
        StandardStream.say("ringside: " + claim + (verdict.detail.map { ": \($0)" } ?? ""))
      }
    }
    for table in settings.shownTables {
      // Beside JSON the table would spoil the data.
      let stream = settings.printsJSON ? StandardStream.error : .output
      try stream.write((settings.printsJSON || settings.isQuiet ? "" : "\n") + outcome.statistics.text(of: table))
    }
  }

  private var environment: [String: String] { ProcessInfo.processInfo.environment }

  private func failure(for error: any Error) -> any Error {
    if let refusal = error as? TrialFailure, !binaries.isEmpty {
      return CommandFailure(.targetUnavailable, "a trial was refused: \(refusal)")
    }
    guard let error = error as? DriverError else { return error }
    return CommandFailure(.targetUnavailable, "the target \(scenario.target.driver) cannot be used: \(error)")
  }
}

extension ProgressLine.Snapshot {
  /// What the engine tells, as the line wants it: with variant and trial where there are several.
  fileprivate init(_ progress: RunProgress) {
    var place: [String] = []
    if progress.variantCount > 1 { place.append("variant \(progress.variantIndex + 1)/\(progress.variantCount)") }
    if let count = progress.trialCount, count > 1 { place.append("trial \(progress.trialIndex + 1)/\(count)") }
    if let rate = progress.searchedPerSecond {
      place.append("search, trial \(progress.trialIndex + 1) at \(QuantityText.rate(perSecond: rate))")
    }
    let snapshot = progress.phase
    self.init(
      phase: (place + [snapshot.phaseName]).joined(separator: " "), elapsedNanoseconds: snapshot.elapsedNanoseconds,
      totalNanoseconds: snapshot.totalNanoseconds, ratePerSecond: snapshot.receivedPerSecond,
      p99Nanoseconds: snapshot.p99Nanoseconds, series: snapshot.isOpenLoop ? "latency" : "service_time")
  }
}
