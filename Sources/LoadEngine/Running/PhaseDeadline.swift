import WorkloadLoops

/// How long a phase may take: the time that its load was planned for, that of senders who are held up, and the drain.
struct PhaseDeadline {
  /// When senders are told to stop, who are late because the subject holds them up.
  let stopSending: Int64
  /// When the phase is given up.
  private(set) var end: Int64
  private let drainNanoseconds: Int64
  private var hasEnded = false

  /// The limits of a phase with a planned time; a load that is a number of messages has none until all of it is sent.
  init(_ control: PhaseControl, drainNanoseconds: Int64) {
    self.drainNanoseconds = drainNanoseconds
    guard let duration = control.plan.durationNanoseconds else {
      stopSending = .max
      end = .max
      return
    }
    stopSending = control.startNanoseconds + duration + SendingSchedule.overrunNanoseconds + drainNanoseconds
    end = stopSending + drainNanoseconds
  }

  /// Everything is sent: the rest is the drain. Counts once.
  mutating func sendingEnded(at now: Int64) {
    guard !hasEnded else { return }
    hasEnded = true
    bring(to: now + drainNanoseconds)
  }

  /// Makes the end earlier.
  mutating func bring(to time: Int64) { end = min(end, time) }

  /// The next of these moments; never when both are over.
  func next(after now: Int64) -> Int64 { stopSending > now ? min(stopSending, end) : end > now ? end : .max }
}
