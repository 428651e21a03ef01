import Foundation
import Platform
import Testing

@Suite struct ExecutableFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// A build that replaces the file would otherwise change what is measured in the middle of a run.
  @Test func staysTheProgramThatWasOpened() throws {
    try withFolder { folder in
      let path = folder + "/program"
      try FileManager.default.copyItem(atPath: "/bin/true", toPath: path)
      let file = try ExecutableFile(path)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: "/bin/false", toPath: path)
      let child = try ChildProcess(ChildProcess.Launch(executable: file.launchPath))
      #expect(child.wait()?.outcome == .exited(code: 0))
      #expect(file.path == path)
    }
  }

  @Test func whatCannotRunIsRefused() throws {
    try withFolder { folder in
      #expect(throws: SystemError.self) { try ExecutableFile(folder) }
      #expect(throws: SystemError.self) { try ExecutableFile(folder + "/none") }
      try Data("text".utf8).write(to: URL(filePath: folder + "/text"))
      #expect(throws: SystemError.self) { try ExecutableFile(folder + "/text") }
    }
  }
}
