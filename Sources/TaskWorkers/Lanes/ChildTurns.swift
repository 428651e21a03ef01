import Platform
import Synchronization

/// The children of a lane one after the other: starts them, and knows which of them has the turn.
///
/// What it knows lies in words of the lane's memory: a child says there that it is ready, waits there for its turn, and passes it on
/// by itself when it retires.
struct ChildTurns {
  let program: TaskChildProgram
  let region: LaneRegion
  let bell: LaneBell
  let startTimeoutNanoseconds: Int64

  /// Starts a child, which will wait for its turn.
  /// - Throws: `SystemError` when it cannot be started.
  func startChild(generation: UInt64, now: Int64) throws(SystemError) -> ChildLife {
    unsafe region.words[.readyGeneration].pointee.store(generation - 1, ordering: .relaxed)
    // Release pairs with the acquire in `TaskChild.run`.
    unsafe region.words[.startedGeneration].pointee.store(generation, ordering: .releasing)
    return try ChildLife(
      program, generation: generation, memory: region.memory, bell: bell, readyBy: now &+ startTimeoutNanoseconds)
  }

  /// Lets a child begin.
  func pass(to child: ChildLife) {
    // Release pairs with the acquire in `TaskChild.waitForTurn`.
    unsafe region.words[.turn].pointee.store(child.generation, ordering: .releasing)
    region.words.turnDoorbell.ring(waking: .max)
  }

  /// The generation of the child that has the turn.
  var current: UInt64 { unsafe region.words[.turn].pointee.load(ordering: .acquiring) }

  /// Whether a child was ready to take records. Acquire pairs with the release in `TaskChild.run`.
  func isReady(_ child: ChildLife) -> Bool {
    unsafe region.words[.readyGeneration].pointee.load(ordering: .acquiring) >= child.generation
  }
}
