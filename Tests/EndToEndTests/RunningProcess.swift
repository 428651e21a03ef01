import Foundation

/// What a finished process left behind.
struct Outcome {
  /// The exit code; 128 + n when signal n ended the process, as a shell says it.
  var exitCode: Int32
  var output: String
  var errors: String
}

/// A child process whose output goes into files, so that it can neither block on a full pipe nor lose its end.
final class RunningProcess {
  private let process = Process()
  private let outputFile: URL
  private let errorFile: URL

  /// Starts `program`. It inherits our environment without what changes ringside's own behaviour, so that a developer's
  /// `RINGSIDE_*` or `NO_COLOR` does not decide a test.
  init(_ program: URL, _ arguments: [String], in folder: URL, environment: [String: String]) throws {
    let name = ".process-\(UUID().uuidString)"
    outputFile = folder.appending(path: "\(name).out")
    errorFile = folder.appending(path: "\(name).err")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    let inherited = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("RINGSIDE_") && $0.key != "NO_COLOR"
    }
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
  }

  /// What has been written to standard error so far.
  var errorsSoFar: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

  /// Waits until standard error contains `text`; false when the process ends without having said it.
  func waits(forErrorText text: String) -> Bool {
    while process.isRunning {
      if errorsSoFar.contains(text) { return true }
      usleep(10_000)  // A poll, not a guess: it decides how soon we notice, never whether.
    }
    return errorsSoFar.contains(text)
  }

  /// Waits until a thread of that name runs in the process or in a child of it; false when the process ends before.
  func waits(forThread name: String) -> Bool {
    while process.isRunning {
      if ([process.processIdentifier] + children).contains(where: { Self.threadNames(of: $0).contains(name) }) {
        return true
      }
      usleep(10_000)
    }
    return false
  }

  /// Waits until the process has a child that runs a thread of that name, and returns the child; nil when the process
  /// ends before.
  func child(withThread name: String, otherThan known: Set<Int32> = []) -> Int32? {
    while process.isRunning {
      if let found = children.first(where: { !known.contains($0) && Self.threadNames(of: $0).contains(name) }) {
        return found
      }
      usleep(10_000)
    }
    return nil
  }

  /// Waits until a child of the process, or a child of one, runs a thread of that name after having been started with the
  /// argument; nil when the process ends before.
  func descendant(withArgument argument: String, andThread name: String) -> Int32? {
    while process.isRunning {
      let found = (children + children.flatMap(Self.children)).first { descendant in
        let line = (try? String(contentsOfFile: "/proc/\(descendant)/cmdline", encoding: .utf8)) ?? ""
        return line.split(separator: "\0").contains { $0 == argument }
          && Self.threadNames(of: descendant).contains(name)
      }
      if let found { return found }
      usleep(10_000)
    }
    return nil
  }

  /// The processes that this one has started and that have not been collected yet.
  var children: [Int32] { Self.children(of: process.processIdentifier) }

  private static func children(of process: Int32) -> [Int32] {
    let tasks = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.flatMap { thread in
      let text = (try? String(contentsOfFile: "\(tasks)/\(thread)/children", encoding: .utf8)) ?? ""
      return text.split(separator: " ").compactMap { Int32($0) }
    }
  }

  private static func threadNames(of process: Int32) -> [String] {
    let tasks = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.compactMap { try? String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8) }
      .map { String($0.dropLast()) }
  }

  /// Waits until a process is gone, or is only waiting to be collected by somebody; false when it is neither in time.
  static func ends(_ process: Int32, withinSeconds limit: Double = 30) -> Bool {
    let deadline = Date(timeIntervalSinceNow: limit)
    while kill(process, 0) == 0 {
      let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ") Z "
      if status.contains(") Z ") { return true }
      guard Date() < deadline else { return false }
      usleep(10_000)
    }
    return true
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for the end.
  func finish() throws -> Outcome {
    process.waitUntilExit()
    let code = process.terminationStatus
    return Outcome(
      exitCode: process.terminationReason == .uncaughtSignal ? 128 + code : code,
      output: try String(contentsOf: outputFile, encoding: .utf8), errors: errorsSoFar)
  }
}
