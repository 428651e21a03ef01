import CLinux
import Glibc

/// An operating-system thread that may be kept on one core: where the data plane runs.
///
/// The owner must `join()` it. The body runs once, on the new thread.
public final class PinnedThread: Sendable {
  /// Why a thread could not be started.
  public struct StartError: Error, CustomStringConvertible {
    /// The `errno` of `pthread_create`.
    public let code: Int32
    /// The thread's name.
    public let name: String
    /// One sentence with the cause.
    public var description: String { "cannot start thread \(name): error \(code)" }
  }

  private final class Start: Sendable {
    let name: String
    let core: Int?
    let body: @Sendable () -> Void

    init(name: String, core: Int?, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.core = core
      self.body = body
    }

    func run() {
      unsafe clinux_name_thread(name)
      // A refused pin (a core taken from the container meanwhile) costs precision, never correctness.
      if let core { _ = clinux_pin_to_core(Int32(core)) }
      body()
    }
  }

  private let handle: pthread_t

  /// Starts a thread.
  /// - Parameters:
  ///   - name: Shown by `top -H` and debuggers; the first 15 bytes count.
  ///   - core: The core to stay on, or nil for the scheduler's choice.
  ///   - body: What the thread does.
  /// - Throws: `StartError` when the system refuses another thread.
  public init(name: String, core: Int?, body: @escaping @Sendable () -> Void) throws(StartError) {
    var handle = pthread_t()
    let start = unsafe Unmanaged.passRetained(Start(name: name, core: core, body: body))
    let result = unsafe pthread_create(
      &handle, nil,
      { argument in
        let start = unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        start.run()
        return nil
      }, start.toOpaque())
    guard result == 0 else {
      unsafe start.release()
      throw StartError(code: result, name: name)
    }
    self.handle = handle
  }

  /// Keeps the calling thread on one core, as far as the system allows.
  public static func pinCurrent(toCore core: Int) { _ = clinux_pin_to_core(Int32(core)) }

  /// Waits for the body to end. Call once.
  public func join() { pthread_join(handle, nil) }
}
