/// What a run and the process of a trial say to each other: a request in, messages out, and before them a greeting of a process that is
/// not this program's own.
enum TrialProtocol {
  /// The only version that this build speaks. Whatever changes the meaning of a request or a message changes it.
  static let version: UInt8 = 3
}
