import Platform
public import ResultModel

/// A build of this program that runs trials, and says which one it is.
public struct TrialBinary: Sendable {
  /// Which build it is.
  public let tool: ToolInformation
  let file: ExecutableFile

  /// Its path, as it was given.
  public var path: String { file.path }

  private static let patienceNanoseconds: Int64 = 10_000_000_000
  private static let greetingByteCountMax = 1 << 16

  /// The binary at `path`, after it has greeted: some milliseconds.
  /// - Throws: `SystemError` when it cannot be started; `TrialFailure` when it is no build of this program, or one whose trials this build
  ///   cannot run.
  public init(path: String) throws {
    file = try ExecutableFile(path)
    let pipe = try OwnedDescriptor.pipe()
    var launch = ChildProcess.Launch(executable: file.launchPath, arguments: ["trial", "--greet"])
    launch.standardOutput = .descriptor(pipe.writing.number)
    launch.standardError = .discarded
    let child = try ChildProcess(launch)
    pipe.writing.close()
    let bytes = try Self.read(pipe.reading)
    child.stop(afterGraceNanoseconds: 0)
    tool = try Self.greeting(bytes, path: path).tool
  }

  /// What was said, up to the end or the limits of patience.
  private static func read(_ pipe: OwnedDescriptor) throws(SystemError) -> [UInt8] {
    let deadline = MonotonicClock.now() + patienceNanoseconds
    var bytes: [UInt8] = []
    while bytes.count < greetingByteCountMax, MonotonicClock.now() < deadline {
      switch try pipe.read(untilMonotonic: deadline) {
      case .bytes(let more): bytes += more
      case .end: return bytes
      case .nothing: continue
      }
    }
    return bytes
  }

  /// What the bytes mean, if this build can run the trials of whoever said them.
  static func greeting(_ bytes: [UInt8], path: String) throws(TrialFailure) -> TrialGreeting {
    guard let greeting = try? ResultCoding.decode(TrialGreeting.self, from: bytes) else {
      throw TrialFailure(
        message: "\(path) does not speak the trial protocol: it is no ringside, or one from before duels; build it anew"
      )
    }
    let own = Int(TrialProtocol.version)
    guard greeting.version == own else {
      let advice = greeting.version > own ? "run the duel with the newer one of the two" : "build that one anew"
      throw TrialFailure(
        message: "\(path) speaks version \(greeting.version) of the trial protocol, and this ringside version \(own): "
          + advice)
    }
    return greeting
  }
}
