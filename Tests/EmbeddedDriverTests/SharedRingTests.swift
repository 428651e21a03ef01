import DriverInterface
import EmbeddedDriver
import ResultModel
import Testing
import WorkloadLoops

extension RunTests {
  /// Rings whose consumers are another process, from the scenario to the verified result.
  @Suite struct SharedRingTests {
    private func run(
      _ ring: String, payload: String = "8B", wait: String = "yield", batch: Int = 1, producers: Int = 1,
      consumers: Int = 1, load: String = "{ saturate: 5000 }"
    ) throws -> EmbeddedRun {
      try RingTests.run(
        "{ kind: \(ring), memory: shared }", payload: payload, wait: wait, batch: batch, producers: producers,
        consumers: consumers, load: load)
    }

    @Test(arguments: RingTests.kinds, [1, 8])
    func itemsOfEveryKindArriveInOrder(kind: String, batch: Int) throws {
      try run("\(kind), capacity: 64", payload: batch == 1 ? "8B" : "96B", batch: batch).expectClean(sent: 5000)
    }

    @Test(arguments: ["16B", "32B", "64B", "128B", "256B"])
    func itemsOfEverySizeArrive(size: String) throws {
      try run("spsc, capacity: 64", payload: size).expectClean(sent: 5000)
    }

    /// Both ends park for want of items and of room: a wake-up that did not reach the other process would end in a timeout.
    @Test(arguments: RingTests.kinds, RunTests.waits)
    func everyWaitWorksBetweenProcesses(kind: String, wait: String) throws {
      try run("\(kind), capacity: 64", wait: wait).expectClean(sent: 5000)
    }

    @Test(
      arguments: [
        ("mpsc", 3, 1), ("mpsc, lanes: per_producer", 3, 1), ("mpmc", 2, 3), ("lifo", 2, 2),
      ] as [(String, Int, Int)])
    func severalThreadsAtBothEndsShareARing(ring: (kind: String, producers: Int, consumers: Int)) throws {
      try run(
        "\(ring.kind), capacity: 64", wait: "park", batch: 8, producers: ring.producers, consumers: ring.consumers
      ).expectClean(sent: 5000)
    }

    @Test func everyReaderOfABroadcastGetsEverything() throws {
      let run = try run("broadcast, capacity: 64", wait: "park", consumers: 3)
      #expect(run.result.status == .passed)
      #expect(run.phase.counts.sent == 5000 && run.phase.counts.received == 15_000)
      #expect(run.phase.verification?.verified == 15_000)
    }

    /// What the other process was told that it missed reaches the accounts of this one.
    @Test func aReaderThatWasLappedAccountsForEveryItem() throws {
      let run = try run("broadcast, capacity: 64, slow_reader: lap", load: "{ saturate: 200k }")
      #expect(run.result.status == .passed)
      #expect((run.phase.verification?.verified ?? 0) + run.phase.counts.dropped == 200_000)
      #expect(run.phase.verification?.lost == 0)
    }

    @Test(arguments: RingTests.kinds.filter { $0 != "lifo" }, ["yield", "park"])
    func everyItemOfARoundTripComesBack(kind: String, wait: String) throws {
      let run = try run(
        "\(kind), capacity: 8, round_trip: true", wait: wait, load: "{ in_flight: 2, for: 20ms }")
      #expect(run.result.status == .passed)
      #expect(run.phase.counts.received > 0)
      #expect(run.phase.counts.received == run.phase.counts.sent)
      #expect(run.phase.serviceTime?.count == run.phase.counts.sent)
    }

    /// The other process recorded them, and both count time alike.
    @Test func anOpenLoopHasLatenciesAndIntervals() throws {
      let run = try run(
        "spsc, capacity: 64", payload: "32B", wait: "park",
        load: "{ constant: 1k/s, for: 300ms, pacing: { max_lag: 10s } }\nmeasure: { interval: 20ms }")
      #expect(run.result.status == .passed)
      #expect(run.phase.latency?.count == 300)
      #expect((run.phase.latency?.min ?? -1) > 0)
      #expect(run.phase.intervals.reduce(0) { $0 + $1.received } == 300)
    }

    @Test func phasesAndABacklogFollowEachOther() throws {
      let run = try run(
        "mpmc, capacity: 1024",
        load: "{ phases: [ one: { saturate: 500 }, two: { backlog: 700 }, three: { saturate: 900 } ] }")
      #expect(run.result.status == .passed)
      #expect(run.phases.map(\.counts.received) == [500, 700, 900])
      #expect(run.phases[1].backlog?.messageCount == 700)
    }

    @Test func anotherProcessIsStartedOnlyByAProgramThatKnowsHow() {
      let error = #expect(throws: DriverError.self) { try EmbeddedSubject().prepare(plan()) }
      #expect(error?.code == .notSupported)
    }

    @Test(
      arguments: [
        ("/nowhere", "No such file"), ("/bin/false", "exited with code 1"),
      ])
    func aProgramThatIsNoOtherEndIsTheDriversError(program: String, says: String) {
      let peer = PeerProgram(executable: program, arguments: [])
      let error = #expect(throws: DriverError.self) { try EmbeddedSubject(ringPeer: peer).prepare(plan()) }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }

    @Test func faultsOfConsumersInAnotherProcessAreRefused() throws {
      var plan = plan()
      plan.consumers[0].faults.messageFaults = [.init(kind: .lose, oneIn: 5, seed: 1)]
      let peer = try EmbeddedRun.peer("consume")
      let error = #expect(throws: DriverError.self) { try EmbeddedSubject(ringPeer: peer).prepare(plan) }
      #expect(error?.code == .notSupported)
    }

    private func plan() -> WorkloadPlan {
      EmbeddedSubjectTests.plan(
        .ring(
          .init(
            kind: .singleProducer, capacity: 8, publishesLazily: false, isRoundTrip: false, itemByteCount: 8,
            isBetweenProcesses: true)))
    }
  }
}
