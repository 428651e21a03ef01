import Platform
import ResultModel
import ScenarioModel
public import WorkloadLoops

/// The inside of a trial's own process: reads what is to be run, runs it, and tells the parent.
public struct TrialProcess {
  /// Where the request is read from, and where messages are written to.
  static let requestDescriptor: Int32 = 3
  static let messageDescriptor: Int32 = 4

  private let stop: StopFlag

  /// The process of one trial, ended early by `stop`.
  public init(stop: StopFlag) { self.stop = stop }

  /// Refuses a process that no parent started. Comes first of all: what the process opens by itself later, for signals for
  /// instance, gets the numbers that a parent would have left open, and would be taken over and closed.
  /// - Throws: `TrialFailure` when there is no parent that asked for a trial.
  public static func refuseHands() throws(TrialFailure) {
    guard OwnedDescriptor.isOpen(requestDescriptor), OwnedDescriptor.isOpen(messageDescriptor) else { throw byHand }
  }

  private static var byHand: TrialFailure {
    TrialFailure(message: "`ringside trial` is started by `ringside run`, not by hand")
  }

  /// Runs the trial that the parent asked for; `makeDriver` makes the subject.
  /// - Throws: `TrialFailure` when there is no parent that asked for one.
  public func run(makeDriver: () -> any Driver) throws {
    let bytes = try OwnedDescriptor(adopting: Self.requestDescriptor).readToEnd()
    guard let header = try? ResultCoding.decode(TrialRequest.Header.self, from: bytes) else { throw Self.byHand }
    let messages = OwnedDescriptor(adopting: Self.messageDescriptor)
    do {
      let request = try Self.request(bytes, version: header.version)
      let outcome = try self.outcome(of: request, driver: makeDriver) { snapshot in
        try? messages.write(TrialMessage.progress(snapshot).encoded())
      }
      try messages.write(TrialMessage.outcome(outcome).encoded())
    } catch {
      try messages.write(TrialMessage.refused(TrialRefusal(error)).encoded())
    }
  }

  /// The request, unless it is of a version that this build does not speak.
  static func request(_ bytes: [UInt8], version: Int) throws -> TrialRequest {
    guard version == Int(TrialProtocol.version) else {
      throw TrialFailure(
        message:
          "asked in version \(version) of the trial protocol, and this build speaks version \(TrialProtocol.version)")
    }
    return try ResultCoding.decode(TrialRequest.self, from: bytes)
  }

  private func outcome(
    of request: TrialRequest, driver: () -> any Driver, progress: (ProgressSnapshot) -> Void
  ) throws -> TrialOutcome {
    AlignedMemory.shiftHeap(byByteCount: request.heapOffset)
    if let calibration = request.clockCalibration { CycleCounter.adopt(calibration: calibration) }
    let scenario = try Self.scenario(of: request)
    return try TrialRunner(request.trial, of: scenario, slug: request.slug, driver: driver(), stop: stop)
      .run(progress: progress)
  }

  /// The scenario's text stands in for its file; files that it names are read from the disk.
  /// - Throws: `TrialFailure` when one of those is not what the run read: its trials would not be of one load.
  static func scenario(of request: TrialRequest) throws -> Scenario {
    let loader = ScenarioLoader { file throws(ScenarioFileError) in
      file == request.path ? request.scenario : try ScenarioFile.read(file)
    }
    let scenario = try loader.load(path: request.path)
    let changed = scenario.dataDigests.filter { request.dataDigests[$0.key] != $0.value }.keys.sorted()
    guard changed.isEmpty else {
      throw TrialFailure(
        message: "\(changed.joined(separator: ", ")) changed while the scenario ran; leave it alone, and run again")
    }
    return scenario
  }
}
