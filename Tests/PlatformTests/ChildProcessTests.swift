import Glibc
import Testing

@testable import Platform

@Suite struct ChildProcessTests {
  /// A shell that runs `script`, with its output in a pipe.
  private func shell(
    _ script: String, _ change: (inout ChildProcess.Launch) -> Void = { _ in }
  ) throws -> (child: ChildProcess, output: OwnedDescriptor) {
    let pipe = try OwnedDescriptor.pipe()
    var launch = ChildProcess.Launch(executable: "/bin/sh", arguments: ["-c", script])
    launch.standardOutput = .descriptor(pipe.writing.number)
    change(&launch)
    return (try ChildProcess(launch), pipe.reading)
  }

  /// Everything until the last writer closes.
  private func text(of descriptor: OwnedDescriptor) throws -> String {
    var bytes: [UInt8] = []
    while case .bytes(let more) = try descriptor.read() { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func output(
    of script: String, _ change: (inout ChildProcess.Launch) -> Void = { _ in }
  ) throws -> String {
    let (child, output) = try shell(script, change)
    let text = try text(of: output)
    #expect(child.wait()?.outcome == .exited(code: 0))
    return text
  }

  @Test(arguments: [0, 1, 3, 255] as [Int32])
  func tellsTheExitCode(code: Int32) throws {
    let (child, _) = try shell("exit \(code)")
    #expect(child.wait()?.outcome == .exited(code: code))
    #expect(child.wait(untilMonotonic: 0)?.outcome == .exited(code: code))
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV])
  func tellsTheSignalThatEndedIt(signal: Int32) throws {
    let (child, _) = try shell("kill -\(signal) $$")
    #expect(child.wait()?.outcome == .signalled(number: signal))
  }

  @Test func outcomesDescribeThemselves() {
    #expect("\(ChildProcess.Outcome.exited(code: 3))" == "exited with code 3")
    #expect("\(ChildProcess.Outcome.signalled(number: 9))" == "ended by signal 9 (Killed)")
  }

  @Test func tellsWhatTheChildUsed() throws {
    let (child, _) = try shell("i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done")
    let usage = try #require(child.wait()?.usage)
    #expect(usage.userNanoseconds + usage.systemNanoseconds > 0)
    #expect(usage.peakResidentByteCount > 0)
  }

  @Test func missingExecutableIsAnError() throws {
    #expect(throws: SystemError("start /nowhere/to be found", code: ENOENT)) {
      try ChildProcess(.init(executable: "/nowhere/to be found"))
    }
    #expect(throws: SystemError("start /etc/passwd", code: EACCES)) {
      try ChildProcess(.init(executable: "/etc/passwd"))
    }
  }

  @Test func argumentsArriveAsTheyAre() throws {
    let pipe = try OwnedDescriptor.pipe()
    var launch = ChildProcess.Launch(executable: "/usr/bin/printf", arguments: ["<%s>", "", "a b", "$HOME*", "ü"])
    launch.standardOutput = .descriptor(pipe.writing.number)
    let child = try ChildProcess(launch)
    pipe.writing.close()
    #expect(try text(of: pipe.reading) == "<><a b><$HOME*><ü>")
    #expect(child.wait()?.outcome == .exited(code: 0))
  }

  @Test func environmentIsTheParentsWithChanges() throws {
    let found = try output(of: "echo \"$RINGSIDE_TEST|$HOME|$PATH|$SWIFT_BACKTRACE\"") {
      $0.environment = ["RINGSIDE_TEST": "a=b c", "HOME": "/changed"]
    }
    let path = try #require(unsafe getenv("PATH").map { unsafe String(cString: $0) })
    #expect(found == "a=b c|/changed|\(path)|enable=no\n")
    let asked = try output(of: "echo $SWIFT_BACKTRACE") { $0.environment = ["SWIFT_BACKTRACE": "enable=yes"] }
    #expect(asked == "enable=yes\n")
  }

  @Test func standardInputIsEmpty() throws {
    #expect(try output(of: "cat; echo end") == "end\n")
  }

  /// Each of two descriptors takes the other's number: copied one after the other, one would be lost.
  @Test func descriptorsMayChangePlaces() throws {
    let (one, other) = (try OwnedDescriptor.pipe(), try OwnedDescriptor.pipe())
    let numbers = (one.writing.number, other.writing.number)
    let (child, _) = try shell("echo one >&\(numbers.1); echo other >&\(numbers.0)") {
      $0.executable = "/bin/bash"  // Which knows descriptors of two digits.
      $0.inherited = [numbers.0: numbers.1, numbers.1: numbers.0]
    }
    one.writing.close()
    other.writing.close()
    #expect(try text(of: one.reading) == "one\n")
    #expect(try text(of: other.reading) == "other\n")
    #expect(child.wait()?.outcome == .exited(code: 0))
  }

  /// Also those that were opened without close-on-exec, below, between and above the listed ones.
  @Test func inheritsNothingThatWasNotListed() throws {
    let pipe = try OwnedDescriptor.pipe()
    let leaks = [20, 30, 70].map { fcntl(pipe.writing.number, F_DUPFD, $0) }
    defer { for leak in leaks { close(leak) } }
    let listed = [25, 40] as [Int32]
    let found = try output(of: "cd /proc/$$/fd; for n in *; do [ -e $n ] && echo -n $n' '; done") {
      for number in listed { $0.inherited[number] = pipe.writing.number }
    }
    // The last one is the lifeline.
    #expect(found == "0 1 2 25 40 41 ")
  }

  @Test func standardOutputAndErrorGoWhereTheyWereSent() throws {
    var path = Array("/tmp/ringside-child-XXXXXX".utf8CString)
    let file = OwnedDescriptor(adopting: unsafe mkstemp(&path))
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = unsafe unlink(name) }
    for _ in 0..<2 {
      let found = try output(of: "echo lost; echo kept >&2") {
        $0.standardOutput = .discarded
        $0.standardError = .file(path: name)
      }
      #expect(found == "")
    }
    #expect(try text(of: file) == "kept\nkept\n")
    #expect(throws: SystemError("open /nowhere/at all", code: ENOENT)) {
      try shell("true") { $0.standardError = .file(path: "/nowhere/at all") }
    }
  }

  @Test func runsInItsOwnProcessGroup() throws {
    let (child, output) = try shell("cut -d ' ' -f 5 /proc/$$/stat")
    #expect(try text(of: output) == "\(child.processID)\n")
    #expect(child.wait() != nil)
  }

  @Test func startsWithNoSignalBlockedAndEachAtItsDefault() throws {
    var blocked = sigset_t()
    var before = sigset_t()
    unsafe sigaddset(&blocked, SIGUSR1)
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
    let earlier = signal(SIGUSR2, SIG_IGN)
    defer {
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
      _ = signal(SIGUSR2, earlier)
    }
    let found = try output(of: "grep -E '^Sig(Blk|Ign)' /proc/$$/status | cut -f 2")
    let sets = found.split(separator: "\n").compactMap { UInt64($0, radix: 16) }
    // Signals 32 and 33 are the C library's own, and ignored by it from the spawn on.
    #expect(sets.map { $0 & ~(3 << 31) } == [0, 0])
  }

  @Test func waitGivesUpAtItsDeadline() throws {
    let (child, _) = try shell("exec sleep 100")
    #expect(child.wait(untilMonotonic: 0) == nil)
    #expect(child.wait(untilMonotonic: MonotonicClock.now() + 2_000_000) == nil)
    child.kill()
    #expect(child.wait()?.outcome == .signalled(number: SIGKILL))
  }

  @Test func stopTakesWhoeverHeedsSigtermAtItsWord() throws {
    let (child, output) = try shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done")
    #expect(try output.read() == .bytes(Array("ready\n".utf8)))
    #expect(child.stop(afterGraceNanoseconds: 20_000_000_000).outcome == .exited(code: 7))
  }

  @Test func stopKillsWhoeverIgnoresSigterm() throws {
    let (child, output) = try shell("trap '' TERM; echo ready; while :; do sleep 0.01; done")
    #expect(try output.read() == .bytes(Array("ready\n".utf8)))
    #expect(child.stop(afterGraceNanoseconds: 20_000_000).outcome == .signalled(number: SIGKILL))
  }

  @Test func signalsToAnEndedChildReachNobody() throws {
    let (child, _) = try shell("exit 0")
    #expect(child.wait() != nil)
    let reached = child.signal(SIGKILL)
    #expect(!reached)
  }

  @Test func releasedChildIsKilledAndCollected() throws {
    let process = try {
      let (child, _) = try shell("exec sleep 100")
      return child.processID
    }()
    #expect(kill(process, 0) == -1 && errno == ESRCH)
  }

  /// What the kernel does when the parent dies: the only write end of the lifeline closes.
  @Test func childDiesWithItsLifeline() throws {
    let (child, output) = try shell("trap '' TERM HUP IO; echo ready; while :; do :; done")
    #expect(try output.read() == .bytes(Array("ready\n".utf8)))
    child.lifeline.close()
    #expect(child.wait()?.outcome == .signalled(number: SIGKILL))
  }

  @Test func endOfTheChildIsSeenBesideItsPipe() throws {
    let (child, output) = try shell("echo progress; exec sleep 100")
    let both = [output, child.endDescriptor]
    #expect(try OwnedDescriptor.waitForInput(both, untilMonotonic: nil) == [0])
    #expect(try output.read(upTo: 4) == .bytes(Array("prog".utf8)))
    #expect(try output.read() == .bytes(Array("ress\n".utf8)))
    #expect(try output.read(untilMonotonic: 0) == .nothing)
    child.kill()
    while try !OwnedDescriptor.waitForInput(both, untilMonotonic: nil).contains(1) {}
    #expect(try output.read() == .end)
  }

  @Test func ownExecutableIsThisOne() throws {
    let path = try ChildProcess.ownExecutablePath()
    #expect(unsafe access(path, X_OK) == 0)
    #expect(path.hasPrefix("/"))
  }
}
