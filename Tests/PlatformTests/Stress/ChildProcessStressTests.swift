import Glibc
import Synchronization
import Testing

@testable import Platform

@Suite struct ChildProcessStressTests {
  /// Pipes and children of several threads at once: none keeps another's pipe open, so that each sees its own end.
  @Test func threadsStartAndWaitWithoutHinderingOneAnother() throws {
    let wrongCount = Atomic<Int>(0)
    let threads = try (0..<4).map { index in
      try PinnedThread(name: "parent \(index)", core: nil) {
        for turn in 0..<10 {
          let code = Int32(index * 10 + turn)
          guard let pipe = try? OwnedDescriptor.pipe() else { preconditionFailure("no pipe") }
          var launch = ChildProcess.Launch(executable: "/bin/sh", arguments: ["-c", "echo \(code); exit \(code)"])
          launch.inherited = [5: pipe.writing.number]
          launch.standardOutput = .descriptor(pipe.writing.number)
          guard let child = try? ChildProcess(launch) else { preconditionFailure("no child") }
          pipe.writing.close()
          let input = try? pipe.reading.read()
          let end = try? pipe.reading.read()
          if input != .bytes(Array("\(code)\n".utf8)) || end != .end || child.wait()?.outcome != .exited(code: code) {
            wrongCount.wrappingAdd(1, ordering: .relaxed)
          }
        }
      }
    }
    threads.forEach { $0.join() }
    let wrong = wrongCount.load(ordering: .relaxed)
    #expect(wrong == 0)
  }

  @Test func everyWaiterLearnsHowTheChildEnded() throws {
    let child = try ChildProcess(.init(executable: "/bin/sleep", arguments: ["100"]))
    let knowing = Atomic<Int>(0)
    let threads = try (0..<4).map { index in
      try PinnedThread(name: "waiter \(index)", core: nil) {
        if child.wait()?.outcome == .signalled(number: SIGKILL) { knowing.wrappingAdd(1, ordering: .relaxed) }
      }
    }
    child.kill()
    threads.forEach { $0.join() }
    let count = knowing.load(ordering: .relaxed)
    #expect(count == 4)
  }
}
