import Platform
import Synchronization

/// One child of a lane from its start to its end, and the thread that waits for the end.
///
/// A child can die after it has published something or passed on its turn and before it has rung for it, so somebody must ring in
/// its place: a thread that sleeps until the process has ended. Dropped, it takes the child with it.
final class ChildLife: Sendable {
  /// Which of the lane's children this is, from 1.
  let generation: UInt64
  /// When it must be ready.
  let readyBy: Int64
  private let process: ChildProcess
  private let watch: Watch

  private final class Watch: Sendable {
    let hasEnded = Atomic<Bool>(false)
    let thread = Guarded<PinnedThread?>(nil)
  }

  /// Starts the child.
  /// - Throws: `SystemError` when it cannot be started.
  init(
    _ program: TaskChildProgram, generation: UInt64, memory: SharedMemory, bell: LaneBell, readyBy: Int64
  ) throws(SystemError) {
    self.generation = generation
    self.readyBy = readyBy
    var launch = ChildProcess.Launch(executable: program.executable, arguments: program.arguments)
    launch.environment = program.environment
    launch.environment["SWIFT_BACKTRACE"] = "enable=no"
    launch.inherited = [
      TaskChild.memoryDescriptor: memory.descriptor.number, TaskChild.bellDescriptor: bell.memory.descriptor.number,
    ]
    if let attachment = program.attachment {
      launch.inherited[TaskChild.attachmentDescriptor] = attachment.descriptor.number
    }
    let process = try ChildProcess(launch)
    let watch = Watch()
    self.process = process
    self.watch = watch
    do {
      let thread = try PinnedThread(name: "task child", core: nil) {
        process.wait()
        watch.hasEnded.store(true, ordering: .releasing)  // Pairs with `hasEnded`.
        bell.doorbell.ring()
        withExtendedLifetime(memory) { unsafe LaneWords(at: memory.from(0).start).turnDoorbell.ring(waking: .max) }
      }
      watch.thread.withLock { $0 = thread }
    } catch {
      throw SystemError("start a thread", code: error.code)
    }
  }

  deinit {
    process.kill()
    watch.thread.withLock { $0 }?.join()
  }

  /// Whether the process has ended and been collected.
  var hasEnded: Bool { watch.hasEnded.load(ordering: .acquiring) }

  /// How it ended; only after it has.
  var outcome: ChildProcess.Outcome? { process.wait(untilMonotonic: .min)?.outcome }

  var processID: Int32 { process.processID }

  /// Ends it at once.
  func kill() { process.kill() }
}
