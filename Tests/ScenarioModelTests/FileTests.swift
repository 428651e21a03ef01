import Foundation
import Testing

@testable import ScenarioModel

@Suite struct FileTests {
  private func error(_ path: String) -> ScenarioFileError? {
    do throws(ScenarioProblems) {
      _ = try ScenarioLoader().load(path: path)
      return nil
    } catch {
      #expect(error.problems.count == 1)
      #expect(error.problems.first?.code == error.fileError?.code)
      return error.fileError
    }
  }

  @Test func tellsWhyAFileCannotBeRead() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "ringside-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = { (name: String) in directory.appending(path: name).path }
    try Data([0x6E, 0x61, 0xC3, 0xA4, 0xFF, 0x61]).write(to: URL(filePath: path("latin.yaml")))
    try Data(count: ScenarioLoader.fileByteCountLimit + 1).write(to: URL(filePath: path("large.yaml")))
    try Data("name: x".utf8).write(to: URL(filePath: path("good.yaml")))
    #expect(error(path("gone.yaml")) == .notFound)
    #expect(error(path("good.yaml/below")) == .notFound)
    #expect(error(directory.path) == .isDirectory)
    #expect(error(path("latin.yaml")) == .notUTF8(byteOffset: 4, line: 1, column: 4))
    #expect(error(path("large.yaml")) == .tooLarge(limitByteCount: ScenarioLoader.fileByteCountLimit))
    #expect(error(path("good.yaml")) == nil)
    // Root may read everything, so the right to read is taken away only where that means something.
    if getuid() != 0 {
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path("good.yaml"))
      #expect(error(path("good.yaml")) == .notReadable(reason: "Permission denied"))
    }
  }
}
