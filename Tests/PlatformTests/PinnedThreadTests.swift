import Synchronization
import Testing

@testable import Platform

@Suite struct PinnedThreadTests {
  /// What the kernel says about the calling thread.
  private static func status(_ name: String) -> String? {
    let status = SystemFile.text("/proc/thread-self/status") ?? ""
    return HostFacts.field(name, in: status, separator: ":").map { String($0.drop { $0 == "\t" }) }
  }

  @Test func runsOnlyOnTheCoreThatItWasGiven() throws {
    for core in CPUTopology.usableCores {
      let seen = Mutex("")
      let thread = try PinnedThread(name: "pinned", core: core) {
        let cores = Self.status("Cpus_allowed_list") ?? "unknown"
        seen.withLock { $0 = cores }
      }
      thread.join()
      let found = seen.withLock { $0 }
      #expect(found == "\(core)")
    }
  }

  @Test func joinReturnsAfterTheBodyHasEnded() throws {
    let sum = Atomic<Int>(0)
    let threads = try (0..<8).map { number in
      try PinnedThread(name: "joined", core: nil) {
        for _ in 0..<1000 { sum.wrappingAdd(number, ordering: .relaxed) }
      }
    }
    threads.forEach { $0.join() }
    let total = sum.load(ordering: .relaxed)
    #expect(total == 28_000)
  }

  @Test func keepsTheFirstFifteenBytesOfTheName() throws {
    let seen = Mutex("")
    let thread = try PinnedThread(name: "consumers.0.of.a.large.group", core: nil) {
      let name = Self.status("Name") ?? "unknown"
      seen.withLock { $0 = name }
    }
    thread.join()
    let found = seen.withLock { $0 }
    #expect(found == "consumers.0.of.")
  }

  @Test func runsWithoutAPinOnACoreThatDoesNotExist() throws {
    let ran = Atomic<Bool>(false)
    let thread = try PinnedThread(name: "nowhere", core: 100_000) { ran.store(true, ordering: .relaxed) }
    thread.join()
    let hasRun = ran.load(ordering: .relaxed)
    #expect(hasRun)
  }

  @Test func usableCoresAreAscendingAndDifferent() {
    let cores = CPUTopology.usableCores
    #expect(!cores.isEmpty)
    #expect(cores == Set(cores).sorted())
    #expect(CPUTopology.coreCount == cores.count)
  }

  @Test func threadsGoRoundTheCores() {
    let count = CPUTopology.coreCount
    for index in 0..<3 * count { #expect(CPUTopology.core(forThread: index) == CPUTopology.usableCores[index % count]) }
  }

  /// It used to be the calling thread's cores: asked first on a pinned thread, there was one for ever.
  @Test func pinnedThreadSeesAllCoresOfTheProcess() throws {
    let seen = Mutex<[Int]>([])
    let thread = try PinnedThread(name: "asking", core: CPUTopology.usableCores[0]) {
      let cores = CPUTopology.readUsableCores()
      seen.withLock { $0 = cores }
    }
    thread.join()
    let found = seen.withLock { $0 }
    #expect(found == CPUTopology.usableCores)
  }
}
