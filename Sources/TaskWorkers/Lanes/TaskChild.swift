public import Platform
import Synchronization

/// The inside of a child of a pool: attaches to the lane that its parent made, waits for its turn, and runs records.
///
/// The executable's entry point calls `run` from its first lines, with a handler for what it knows how to run, and returns or
/// exits afterwards. The parent's death ends the process without its help.
public enum TaskChild {
  /// What it inherits.
  static let memoryDescriptor: Int32 = 3
  static let bellDescriptor: Int32 = 4
  static let attachmentDescriptor: Int32 = 5

  /// The memory that the parent gave its children, `TaskChildProgram.attachment`. May be asked for once.
  /// - Throws: `TaskChildError` when there is none.
  public static func attachment() throws(TaskChildError) -> SharedMemory {
    guard let memory = try? SharedMemory(attaching: OwnedDescriptor(adopting: attachmentDescriptor)) else {
      throw .notALane
    }
    return memory
  }

  /// Serves until the lane stops or this child has run its share. Keeps the calling thread on the lane's core, if it has one.
  /// - Parameter makeHandler: Called once, before the child says that it is ready.
  /// - Throws: `TaskChildError` when this process was not started by a lane.
  public static func run<Handler: LaneHandler & ~Copyable>(
    makeHandler: () throws -> Handler
  ) throws {
    let (region, bell) = try attach()
    let words = region.words
    let generation = unsafe words[.startedGeneration].pointee.load(ordering: .acquiring)
    if let calibration = region.calibration { CycleCounter.adopt(calibration: calibration) }
    let time = CycleCounter.shared
    if let core = region.core { PinnedThread.pinCurrent(toCore: core) }
    let handler = try makeHandler()
    region.memory.prefault()
    // Release pairs with the acquire in `ChildLane.isReady`.
    unsafe words[.readyGeneration].pointee.store(generation, ordering: .releasing)
    bell.doorbell.ring()
    waitForTurn(of: generation, words)
    var loop = LaneLoop(region, bell: bell.doorbell, time: time, isDisposable: true, handler: handler)
    guard case .retired = loop.run() else { return }
    // Release pairs with the acquire in `waitForTurn`: the next one finds the rings as this one leaves them.
    unsafe words[.turn].pointee.store(generation + 1, ordering: .releasing)
    words.turnDoorbell.ring(waking: .max)
  }

  private static func attach() throws(TaskChildError) -> (LaneRegion, LaneBell) {
    guard let memory = try? SharedMemory(attaching: OwnedDescriptor(adopting: memoryDescriptor)) else {
      throw .notALane
    }
    let region = try LaneRegion(attaching: memory)
    guard let bell = try? LaneBell(attaching: OwnedDescriptor(adopting: bellDescriptor)) else { throw .notALane }
    return (region, bell)
  }

  private static func waitForTurn(of generation: UInt64, _ words: LaneWords) {
    while true {
      let ticket = words.turnDoorbell.prepareToWait()
      // Acquire pairs with whoever passes the turn on: the child before, or the parent.
      if unsafe words[.turn].pointee.load(ordering: .acquiring) == generation {
        words.turnDoorbell.cancelWait()
        return
      }
      words.turnDoorbell.wait(ticket)
    }
  }
}

/// Why a process cannot be the child of a lane.
public enum TaskChildError: Error, Equatable, CustomStringConvertible {
  /// What it inherited is not the memory of a lane of this build.
  case notALane

  /// One sentence.
  public var description: String { "a task child is started by a worker of the same build, not by hand" }
}
