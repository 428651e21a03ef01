import Synchronization
import Testing

@testable import Platform

/// A doorbell and its memory.
private final class OwnedDoorbell: Sendable {
  let bell: Doorbell

  init() { unsafe bell = Doorbell(at: AlignedMemory.allocate(byteCount: Doorbell.byteCount)) }

  deinit { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(bell.rings)) }

  var ringCount: UInt32 { unsafe bell.rings.pointee.load(ordering: .relaxed) }
  var sleeperCount: UInt32 { unsafe bell.sleepers.pointee.load(ordering: .relaxed) }
}

@Suite struct DoorbellTests {
  @Test func ringWithoutSleepersMakesNoSystemCall() {
    let owned = OwnedDoorbell()
    for _ in 0..<1000 { owned.bell.ring() }
    #expect(owned.ringCount == 0)
  }

  @Test func ringAfterAWithdrawnWaitMakesNoSystemCall() {
    let owned = OwnedDoorbell()
    _ = owned.bell.prepareToWait()
    #expect(owned.sleeperCount == 1)
    owned.bell.cancelWait()
    owned.bell.ring()
    #expect(owned.ringCount == 0)
    #expect(owned.sleeperCount == 0)
  }

  @Test func ringBetweenPreparingAndWaitingIsNotMissed() {
    let owned = OwnedDoorbell()
    let ticket = owned.bell.prepareToWait()
    owned.bell.ring()
    #expect(owned.ringCount == 1)
    #expect(owned.bell.wait(ticket, timeoutNanoseconds: nil))
    #expect(owned.sleeperCount == 0)
  }

  @Test func waitReturnsFalseWhenItsTimeIsOver() {
    let owned = OwnedDoorbell()
    #expect(!owned.bell.wait(owned.bell.prepareToWait(), timeoutNanoseconds: 1_000_000))
    #expect(owned.sleeperCount == 0)
  }

  /// A negative time-out used to be passed on, and to mean none: the waiter slept until rung.
  @Test(arguments: [0, -1, -5_000_000, .min] as [Int64])
  func waitWhoseTimeIsOverAlreadyReturnsAtOnce(timeout: Int64) {
    let owned = OwnedDoorbell()
    #expect(!owned.bell.wait(owned.bell.prepareToWait(), timeoutNanoseconds: timeout))
  }

  /// A ring that comes between preparing and waiting stands for one that comes later: both are seen by the kernel's comparison.
  @Test(arguments: [0, 1])
  func eitherOfTwoDoorbellsEndsAWaitAtBoth(rung: Int) {
    let bells = [OwnedDoorbell(), OwnedDoorbell()]
    let tickets = bells.map { $0.bell.prepareToWait() }
    bells[rung].bell.ring()
    #expect(bells[0].bell.wait(tickets[0], or: bells[1].bell, tickets[1]))
    #expect(bells.allSatisfy { $0.sleeperCount == 0 })
  }

  /// A sleeper at both is woken through the second; it would sleep for ever else.
  @Test func aSleeperAtTwoDoorbellsIsWokenThroughTheSecond() throws {
    let bells = [OwnedDoorbell(), OwnedDoorbell()]
    let sleeper = try PinnedThread(name: "sleeper", core: nil) {
      let tickets = bells.map { $0.bell.prepareToWait() }
      bells[0].bell.wait(tickets[0], or: bells[1].bell, tickets[1])
    }
    while bells[1].sleeperCount == 0 { spinHint() }
    bells[1].bell.ring()
    sleeper.join()
    #expect(bells.allSatisfy { $0.sleeperCount == 0 })
  }

  @Test(arguments: [0, -1, 1_000_000, .min] as [Int64])
  func aWaitAtTwoDoorbellsEndsWithItsTime(timeout: Int64) {
    let bells = [OwnedDoorbell(), OwnedDoorbell()]
    let tickets = bells.map { $0.bell.prepareToWait() }
    #expect(!bells[0].bell.wait(tickets[0], or: bells[1].bell, tickets[1], timeoutNanoseconds: timeout))
  }

  @Test func forgottenSleepersCostNoSystemCall() {
    let owned = OwnedDoorbell()
    _ = owned.bell.prepareToWait()
    owned.bell.forgetSleepers()
    owned.bell.ring()
    #expect(owned.ringCount == 0)
  }

  @Test func twoDoorbellsInOneMemoryAreDifferent() {
    let memory = unsafe AlignedMemory.allocate(byteCount: 2 * Doorbell.byteCount)
    let one = unsafe Doorbell(at: memory)
    let other = unsafe Doorbell(at: memory + Doorbell.byteCount)
    let ticket = one.prepareToWait()
    other.ring()
    #expect(!one.wait(ticket, timeoutNanoseconds: 0))
    unsafe AlignedMemory.deallocate(memory)
  }
}

@Suite(.serialized) struct DoorbellStressTests {
  /// Long enough that only a lost wake-up reaches it, even on a crowded machine.
  private static let patienceNanoseconds: Int64 = 20_000_000_000
  private static let turnCount = 5000

  private struct Table: ~Copyable, Sendable {
    let turn = Atomic<Int>(0)
    let lostCount = Atomic<Int>(0)
  }

  private final class Game: Sendable {
    let table = Table()
    let bells = [OwnedDoorbell(), OwnedDoorbell()]

    /// Takes every other turn, parking in between, and dawdles a random while before each.
    func play(_ side: Int, seed: UInt64) {
      var state = seed &+ UInt64(side)
      for turn in stride(from: side, to: DoorbellStressTests.turnCount, by: 2) {
        while table.turn.load(ordering: .acquiring) != turn {
          let ticket = bells[side].bell.prepareToWait()
          if table.turn.load(ordering: .acquiring) == turn {
            bells[side].bell.cancelWait()
          } else if !bells[side].bell.wait(ticket, timeoutNanoseconds: DoorbellStressTests.patienceNanoseconds) {
            table.lostCount.wrappingAdd(1, ordering: .relaxed)
          }
        }
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        for _ in 0..<state >> 58 { spinHint() }
        table.turn.store(turn + 1, ordering: .releasing)
        bells[1 - side].bell.ring()
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func noWakeUpIsLostBetweenTwoParkingThreads(seed: UInt64) throws {
    let game = Game()
    let threads = try (0..<2).map { side in
      try PinnedThread(name: "ring \(side)", core: CPUTopology.core(forThread: side)) { game.play(side, seed: seed) }
    }
    threads.forEach { $0.join() }
    let turn = game.table.turn.load(ordering: .relaxed)
    let lost = game.table.lostCount.load(ordering: .relaxed)
    #expect(turn == Self.turnCount)
    #expect(lost == 0, "seed \(seed)")
    #expect(game.bells.allSatisfy { $0.sleeperCount == 0 })
  }

  @Test func ringThatWakesAllWakesEverySleeper() throws {
    let owned = OwnedDoorbell()
    let isOpen = Atomic<Bool>(false)
    let lostCount = Atomic<Int>(0)
    let threads = try (0..<4).map { index in
      try PinnedThread(name: "sleeper \(index)", core: nil) {
        while !isOpen.load(ordering: .acquiring) {
          let ticket = owned.bell.prepareToWait()
          if isOpen.load(ordering: .acquiring) {
            owned.bell.cancelWait()
          } else if !owned.bell.wait(ticket, timeoutNanoseconds: Self.patienceNanoseconds) {
            lostCount.wrappingAdd(1, ordering: .relaxed)
          }
        }
      }
    }
    while owned.sleeperCount < 4 { spinHint() }
    isOpen.store(true, ordering: .releasing)
    owned.bell.ring(waking: .max)
    threads.forEach { $0.join() }
    let lost = lostCount.load(ordering: .relaxed)
    #expect(lost == 0)
  }
}
