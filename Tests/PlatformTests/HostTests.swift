import Glibc
import Testing

@testable import Platform

@Suite struct HostTests {
  @Test func withoutJemallocTheCountersSayThatTheyAreUnavailable() {
    #expect(!AllocationCounters.areAvailable)
    #expect(AllocationCounters.allocatorName == "system malloc")
    #expect(AllocationCounters.currentThreadAllocatedByteCount() == nil)
    let counter = AllocationCounter()
    counter.attach()
    #expect(counter.byteCount == nil)
  }

  @Test func findsTheValueBehindAName() {
    let text = "processor\t: 0\nmodel name\t: AMD EPYC 9B14\nmodel\t\t: 17\nflags\t\t: fpu sse4_2\n"
    #expect(HostFacts.field("model name", in: text, separator: ":") == "AMD EPYC 9B14")
    #expect(HostFacts.field("flags", in: text, separator: ":") == "fpu sse4_2")
    #expect(HostFacts.field("cache size", in: text, separator: ":") == nil)
  }

  @Test func takesQuotesOffValues() {
    let text = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nEMPTY=\"\"\n"
    #expect(HostFacts.field("PRETTY_NAME", in: text, separator: "=") == "Debian GNU/Linux 12 (bookworm)")
    #expect(HostFacts.field("ID", in: text, separator: "=") == "debian")
    #expect(HostFacts.field("EMPTY", in: text, separator: "=") == "")
  }

  /// The first line that began with the name used to win.
  @Test func doesNotTakeALongerNameForTheName() {
    let text = "VERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\n"
    #expect(HostFacts.field("VERSION", in: text, separator: "=") == "12 (bookworm)")
    #expect(HostFacts.field("model", in: "model name\t: A\nmodel\t\t: 17\n", separator: ":") == "17")
  }

  @Test func linesWithoutASeparatorHaveNoValue() {
    #expect(HostFacts.field("NAME", in: "NAME\nNAME=x\n", separator: "=") == "x")
    #expect(HostFacts.field("NAME", in: "", separator: "=") == nil)
  }

  @Test func saysNoHypervisorOnlyWhereTheProcessorWouldNameOne() {
    #expect(HostFacts.hypervisor(cpuInformation: "flags\t\t: fpu vme\n") == "none")
    #expect(HostFacts.hypervisor(cpuInformation: "flags\t\t: fpu hypervisor\n") != "none")
    #expect(HostFacts.hypervisor(cpuInformation: "CPU implementer\t: 0x41\n") == nil)
  }

  @Test func factsOfThisMachineAreComplete() {
    let facts = HostFacts.read()
    #expect(facts.coreCount == CPUTopology.coreCount)
    #expect(facts.memoryByteCount > 64 << 20)
    #expect(!facts.kernel.isEmpty)
    #expect(!facts.operatingSystem.isEmpty)
  }

  @Test func stolenTimeOnlyGrows() {
    let earlier = HostPressure.read()
    let later = HostPressure.read()
    #expect(earlier.stolenNanoseconds >= 0)
    #expect(later.stolenNanoseconds >= earlier.stolenNanoseconds)
    #expect((earlier.loadAverage ?? 0) >= 0)
  }

  /// The time that the readings take themselves used to be left out, so that a machine was under pressure for 100.02 % of it.
  @Test func nobodyWaitsLongerThanTimePasses() {
    let earlier = HostPressure.read()
    let later = HostPressure.read()
    #expect(earlier.beginNanoseconds <= earlier.endNanoseconds)
    #expect(earlier.endNanoseconds <= later.beginNanoseconds)
    guard let before = earlier.cpuStalledNanoseconds, let after = later.cpuStalledNanoseconds else { return }
    // The kernel counts in microseconds.
    #expect(after - before <= later.endNanoseconds - earlier.beginNanoseconds + 1_000)
  }

  private func usage(_ values: [Int64]) -> ResourceUsage {
    var usage = ResourceUsage()
    usage.userNanoseconds = values[0]
    usage.systemNanoseconds = values[1]
    usage.voluntarySwitchCount = values[2]
    usage.involuntarySwitchCount = values[3]
    usage.minorFaultCount = values[4]
    usage.peakResidentByteCount = values[5]
    return usage
  }

  @Test func differenceOfUsageKeepsTheLaterPeak() {
    let difference = usage([10, 20, 30, 40, 50, 600]) - usage([1, 2, 3, 4, 5, 599])
    #expect(difference == usage([9, 18, 27, 36, 45, 600]))
  }

  @Test func sumOfUsageKeepsTheLargerPeak() {
    let one = usage([10, 20, 30, 40, 50, 600])
    let other = usage([1, 2, 3, 4, 5, 700])
    #expect(one + other == usage([11, 22, 33, 44, 55, 700]))
    #expect(other + one == one + other)
    #expect(one + ResourceUsage() == one)
  }

  @Test func processUsesAtLeastWhatItsThreadUses() {
    let thread = ResourceUsage.currentThread()
    let process = ResourceUsage.process()
    #expect(process.userNanoseconds + process.systemNanoseconds >= thread.userNanoseconds + thread.systemNanoseconds)
    #expect(process.peakResidentByteCount > 0)
  }

  @Test func residentMemoryIsBelowItsPeak() throws {
    let current = try #require(ResidentMemory.currentByteCount())
    #expect(current > 0)
  }

  @Test func pressureIsReadFromTheLineOfSome() {
    let text = "some avg10=1.25 avg60=0.50 avg300=0.10 total=123456\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"
    #expect(HostPressure.some("avg10", in: text) == "1.25")
    #expect(HostPressure.some("total", in: text) == "123456")
    #expect(HostPressure.some("total", in: "full avg10=0.00 total=7") == nil)
    #expect(HostPressure.some("total", in: "") == nil, "a kernel without pressure-stall information")
  }

  @Test func fileThatIsMissingHasNoText() {
    #expect(SystemFile.text("/proc/no such file") == nil)
    #expect(SystemFile.text("") == nil)
  }

  @Test func textOfAFileHasNoTrailingWhiteSpace() throws {
    let release = try #require(SystemFile.text("/proc/sys/kernel/osrelease"))
    #expect(!release.isEmpty)
    #expect(release.allSatisfy { !$0.isWhitespace })
  }

  @Test func textOfALargeFileEndsAt64KiB() throws {
    var path = Array("/tmp/ringside-platform-XXXXXX".utf8CString)
    let file = unsafe mkstemp(&path)
    try #require(file >= 0)
    defer { close(file) }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = unsafe unlink(name) }
    let content = [UInt8](repeating: 65, count: 70_000)
    let written = unsafe write(file, content, content.count)
    try #require(written == content.count)
    #expect(SystemFile.text(name)?.utf8.count == 65536)
  }
}
