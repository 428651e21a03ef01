import ResultModel

/// What the process of a trial is told: everything it needs, as JSON through a pipe.
struct TrialRequest: Codable, Equatable {
  /// Parent and child may be different builds.
  var version = Int(TrialProtocol.version)
  /// The variant's resolved scenario, itself a scenario file.
  var scenario: String
  /// The path that the scenario was loaded from: files it names are relative to it.
  var path: String
  /// The SHA-256 of each data file that the scenario names, as the run read it: the trial reads it again.
  var dataDigests: [String: String]
  var slug: String
  var trial: PlannedTrial
  /// Bytes of the heap to take first, so that memory lies differently in each trial (Mytkowicz et al., "Producing wrong data without doing anything obviously wrong", 2009).
  var heapOffset: Int
  /// The parent's calibration of the cycle counter; nil where that is not used.
  var clockCalibration: UInt64?

  /// What every version of a request says.
  struct Header: Decodable {
    var version: Int
  }
}
