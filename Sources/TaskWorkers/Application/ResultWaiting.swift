import Platform

extension ResultDesk {
  /// Waits on this thread.
  /// - Parameter timeout: How long at most; nil for as long as it takes.
  func wait(for task: TaskIdentifier, timeout: Duration?) throws(TaskResultError) -> ReceivedOutcome {
    let bell = ThreadBell()
    let (answer, waiter) = wait(for: task, until: nil, bell: bell)
    if let answer { return try answer.get() }
    if let answer = bell.wait(timeoutNanoseconds: timeout?.wholeNanoseconds) { return try answer.get() }
    guard !withdraw(waiter), let late = bell.wait(timeoutNanoseconds: nil) else { throw .timedOut }
    return try late.get()
  }

  /// Waits without keeping a thread.
  /// - Parameter deadline: Until when, in nanoseconds of the application's clock; nil for as long as it takes.
  func wait(for task: TaskIdentifier, until deadline: Int64?) async throws(TaskResultError) -> ReceivedOutcome {
    let bell = ContinuationBell()
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        bell.begin(continuation)
        let (answer, waiter) = wait(for: task, until: deadline, bell: bell)
        if let answer { bell.ring(answer) } else if bell.note(waiter) { cancel(waiter, bell) }
      }
    } onCancel: {
      if let waiter = bell.cancel() { cancel(waiter, bell) }
    }
    return try answer.get()
  }

  private func cancel(_ waiter: UInt64, _ bell: ContinuationBell) {
    if withdraw(waiter) { bell.ring(.failure(.cancelled)) }
  }
}

/// Wakes a thread that waits for one answer.
private final class ThreadBell: ResultBell {
  private let answer = Guarded<ResultDesk.Answer?>(nil)
  private let memory = BellMemory()

  func ring(_ answer: ResultDesk.Answer) {
    self.answer.withLock { $0 = answer }
    memory.doorbell.ring()
  }

  /// Waits for the answer; nil when the time was over first.
  func wait(timeoutNanoseconds: Int64?) -> ResultDesk.Answer? {
    let end = timeoutNanoseconds.map { MonotonicClock.now().advanced(upTo: max(0, $0)) }
    while true {
      let ticket = memory.doorbell.prepareToWait()
      if let answer = answer.withLock({ $0 }) {
        memory.doorbell.cancelWait()
        return answer
      }
      let left = end.map { $0 - MonotonicClock.now() }
      guard left ?? 1 > 0 else {
        memory.doorbell.cancelWait()
        return nil
      }
      memory.doorbell.wait(ticket, timeoutNanoseconds: left)
    }
  }
}

/// A doorbell with memory of its own.
@safe final class BellMemory: @unchecked Sendable {
  // Unchecked, because: the memory holds two atomics.
  private let memory: UnsafeMutableRawPointer
  let doorbell: Doorbell

  init() {
    unsafe memory = AlignedMemory.allocate(byteCount: Doorbell.byteCount)
    doorbell = unsafe Doorbell(at: memory)
  }

  deinit { unsafe AlignedMemory.deallocate(memory) }
}

/// Resumes a task of Swift's concurrency that waits for one answer.
private final class ContinuationBell: ResultBell {
  private struct State {
    var continuation: CheckedContinuation<ResultDesk.Answer, Never>?
    var waiter: UInt64?
    var isCancelled = false
  }

  private let state = Guarded(State())

  func begin(_ continuation: CheckedContinuation<ResultDesk.Answer, Never>) {
    state.withLock { $0.continuation = continuation }
  }

  /// Notes the name of the wait; true when it was cancelled before it had one.
  func note(_ waiter: UInt64) -> Bool {
    state.withLock { state in
      state.waiter = waiter
      return state.isCancelled
    }
  }

  /// Notes that the wait is cancelled; its name, if it has one.
  func cancel() -> UInt64? {
    state.withLock { state in
      state.isCancelled = true
      return state.waiter
    }
  }

  func ring(_ answer: ResultDesk.Answer) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: answer)
  }
}
