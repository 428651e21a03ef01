internal import ArgumentParser
internal import Glibc
internal import ResultModel

/// Writes a commented scenario to start from.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented scenario to start from.",
    discussion: """
      Never overwrites a file.

      EXAMPLE
        ringside init my.yaml && ringside run my.yaml
      """)

  @Argument(help: "The file to write.")
  var file = "scenario.yaml"

  func run() throws {
    // O_EXCL: whether the file exists and its creation are one step, so a file that appears meanwhile is safe.
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw CommandFailure(.cannotWrite, "\(file) exists; choose another name") }
      throw CommandFailure(.cannotWrite, "cannot create \(file): \(systemError(errno))")
    }
    defer { close(descriptor) }
    do {
      try writeAll(StarterScenario.text, to: descriptor)
    } catch {
      _ = unsafe unlink(file)  // A half-written scenario would be worse than none.
      throw error
    }
    StandardStream.say("Wrote \(file). Next: ringside run \(file)")
  }

  private func writeAll(_ text: String, to descriptor: Int32) throws {
    var text = text
    let isComplete = text.withUTF8 { bytes in unsafe write(descriptor, bytes.baseAddress!, bytes.count) == bytes.count }
    guard isComplete, fsync(descriptor) == 0 else {
      throw CommandFailure(.cannotWrite, "cannot write \(file): \(systemError(errno))")
    }
  }
}
