import Synchronization
import Testing

@testable import Platform

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
