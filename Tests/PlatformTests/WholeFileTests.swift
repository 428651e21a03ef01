import Glibc
import Platform
import Testing

@Suite struct WholeFileTests {
  @Test func fileHoldsWhatWasWrittenLast() throws {
    let path = "/tmp/ringside-whole-file-\(getpid())"
    defer { unsafe unlink(path) }
    #expect(try WholeFile.read(path) == nil)
    for content in [[1, 2, 3], [], [UInt8](repeating: 7, count: 200_000)] as [[UInt8]] {
      try WholeFile.write(content, to: path)
      #expect(try WholeFile.read(path) == content)
    }
  }

  @Test func failureSaysWhatIsInTheWay() {
    let error = #expect(throws: SystemError.self) { try WholeFile.write([1], to: "/nowhere/file") }
    #expect(error?.description.contains("/nowhere/file") == true && error?.code == ENOENT)
    #expect(throws: SystemError.self) { try WholeFile.read("/tmp") }
  }
}
