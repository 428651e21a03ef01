import CLinux
import Glibc

/// Another process that this one started, watches, and takes with it when it dies.
///
/// The child is started by spawn, never by fork alone; it runs in a process group of its own, so that the terminal's Ctrl-C
/// reaches the parent only, with no signal blocked and each at its default. It inherits standard input, output and error
/// and the descriptors that were listed, nothing else. It is watched and signalled through a process descriptor, which never
/// means another process that got the same number.
///
/// Any thread may call anything here, several may wait at once. A child that still runs when this object goes away is
/// killed and collected. When the parent dies, however, the kernel kills the child: a lifeline pipe, whose read end the
/// child holds without knowing, hangs up. (`PR_SET_PDEATHSIG` would follow the spawning thread instead.) Only a parent
/// that dies within the microseconds between the spawn and the tying of the lifeline leaves a child behind.
public final class ChildProcess: Sendable {
  /// How a process ended.
  public enum Outcome: Sendable, Equatable, CustomStringConvertible {
    /// It returned or called `exit` with this code.
    case exited(code: Int32)
    /// A signal ended it: a crash, `terminate()`, `kill()` or the lifeline.
    case signalled(number: Int32)

    /// `exited with code 3` or `ended by signal 9 (Killed)`.
    public var description: String {
      switch self {
      case .exited(let code): "exited with code \(code)"
      case .signalled(let number): "ended by signal \(number) (\(unsafe String(cString: strsignal(number))))"
      }
    }
  }

  /// What remains of a process that has ended.
  public struct Ending: Sendable, Equatable {
    /// How it ended.
    public let outcome: Outcome
    /// What it used altogether, with those of its own children that it collected.
    public let usage: ResourceUsage
  }

  /// The child's process id and the id of its process group. Signals go through `signal(_:)`, which cannot miss.
  public let processID: Int32
  /// Becomes readable when the child ends: for `OwnedDescriptor.waitForInput`, beside the child's pipes.
  public let endDescriptor: OwnedDescriptor
  /// Only held: the kernel kills the child when this closes.
  let lifeline: OwnedDescriptor
  private let ending = Guarded<Ending?>(nil)

  /// Starts a child.
  /// - Throws: `SystemError` when a file cannot be opened, the executable cannot be run, or a resource is exhausted.
  public init(_ launch: Launch) throws(SystemError) {
    let pipe = try OwnedDescriptor.pipe()
    let table = try DescriptorTable(launch, lifeline: pipe.reading)
    let process = try launch.spawn(with: table)
    let descriptor = clinux_process_descriptor(process)
    guard descriptor >= 0 else {
      Glibc.kill(process, SIGKILL)
      waitpid(process, nil, 0)
      throw SystemError("watch process \(process)", code: -descriptor)
    }
    processID = process
    endDescriptor = OwnedDescriptor(adopting: descriptor)
    lifeline = pipe.writing
    let refused = clinux_kill_on_hang_up(pipe.reading.number, process)
    guard refused == 0 else { throw SystemError("tie process \(process) to its parent", code: refused) }
  }

  deinit {
    guard collect() == nil else { return }
    kill()
    wait()
  }

  /// The path of the executable that is running now.
  public static func ownExecutablePath() throws(SystemError) -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    guard count >= 0 else { throw SystemError("read /proc/self/exe", code: errno) }
    return String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Waits until the child has ended, or until `deadline` (by `MonotonicClock`; nil waits as long as it takes).
  /// - Returns: how it ended, or nil when it still runs. Death is seen some 0.3 ms after it happened.
  @discardableResult
  public func wait(untilMonotonic deadline: Int64? = nil) -> Ending? {
    while true {
      if let ending = collect() { return ending }
      if let deadline, MonotonicClock.now() >= deadline { return nil }
      // A refused wait can only be one for lack of memory: look again.
      _ = try? OwnedDescriptor.waitForInput([endDescriptor], untilMonotonic: deadline)
    }
  }

  /// Sends a signal; returns false when the child has ended already.
  @discardableResult
  public func signal(_ number: Int32) -> Bool { clinux_signal_process(endDescriptor.number, number) == 0 }

  /// Asks the child to end (SIGTERM).
  public func terminate() { signal(SIGTERM) }

  /// Ends the child at once (SIGKILL).
  public func kill() { signal(SIGKILL) }

  /// Asks the child to end, and ends it when it has not done so after the given time.
  @discardableResult
  public func stop(afterGraceNanoseconds grace: Int64) -> Ending {
    terminate()
    if let ending = wait(untilMonotonic: MonotonicClock.now() + grace) { return ending }
    kill()
    guard let ending = wait() else { preconditionFailure("a wait without a deadline gave up") }
    return ending
  }

  /// Takes the exit status when there is one; every later call returns the same.
  private func collect() -> Ending? {
    ending.withLock { ending in
      if ending != nil { return ending }
      var found = clinux_process_ending()
      let result = unsafe clinux_collect_process(endDescriptor.number, &found)
      precondition(result >= 0, "somebody else collected process \(processID): error \(-result)")
      guard result == 1 else { return nil }
      ending = Ending(
        outcome: found.signalled != 0 ? .signalled(number: found.code) : .exited(code: found.code),
        usage: ResourceUsage(found.usage))
      return ending
    }
  }
}
