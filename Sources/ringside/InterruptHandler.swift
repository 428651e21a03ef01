internal import Dispatch
internal import Glibc
internal import Synchronization

/// Turns Ctrl-C and SIGTERM into an orderly end.
///
/// The first signal asks the run to stop: what is under way is drained and the results so far are written. A second
/// one ends the process at once. The signals are handled while an instance is alive.
///
/// Ownership: the thread that runs the command owns the handler. The dispatch queue's thread runs the handling of a
/// signal.
final class InterruptHandler {
  private let sources: [any DispatchSourceSignal]

  /// What a person is told who presses Ctrl-C.
  static let announcement = "\nStopping: draining and writing what was measured. Once more to quit at once."

  /// - Parameters:
  ///   - announcement: Said to the user at the first signal; nil for nothing.
  ///   - stop: Called once, on another thread, with the number of the first signal.
  init(announcement: String?, stop: @escaping @Sendable (Int32) -> Void) {
    let queue = DispatchQueue(label: "ringside.signals")
    let firstSignal = FirstSignal()
    sources = [SIGINT, SIGTERM].map { number in
      // The default action would end the process before the source sees the signal.
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        guard firstSignal.record(number) else { _exit(128 + number) }
        if let announcement { StandardStream.say(announcement) }
        stop(number)
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }
}

/// The number of the first signal that came; 0 until then.
private final class FirstSignal: Sendable {
  private let stored = Atomic<Int32>(0)

  /// Returns whether `number` is the first.
  func record(_ number: Int32) -> Bool {
    stored.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
  }
}
