public import Serialization

/// Why a result could not be had.
public enum TaskResultError: Error, Sendable {
  /// The task failed; the error that it ended with.
  case failed(TaskFailure)
  /// It was called off, or had expired.
  case revoked(TaskFailure)
  /// No worker could do anything with it.
  case rejected(TaskFailure)
  /// It was killed, or ended, for running longer than it may.
  case timeLimitExceeded(TaskFailure)
  /// The result did not come within the time that was given.
  case timedOut
  /// The result was forgotten, or ignored from the start.
  case forgotten
  /// The result came, was kept for as long as results are (`TaskOptions.resultExpires`), and was dropped then.
  case expired
  /// The waiting was cancelled.
  case cancelled
  /// The application was closed, or dropped, before the result came: it takes none in any more.
  case closed
  /// The result is of a content type that is not accepted (`ApplicationSettings.resultAcceptContent`); it was not decoded.
  case contentDisallowed(Serializer)
  /// The result is not of the type asked for.
  case undecodable(SerializationError)
  /// The result cannot be decompressed.
  case damaged(CompressionError)
}

extension TaskResultError {
  /// The error for a task that ended without a value.
  init(_ state: TaskState, _ failure: TaskFailure) {
    switch (state, failure.typeName) {
    case (.revoked, _): self = .revoked(failure)
    case (.rejected, _): self = .rejected(failure)
    case (_, WorkerErrorName.timeLimitExceeded), (_, "SoftTimeLimitExceeded"): self = .timeLimitExceeded(failure)
    default: self = .failed(failure)
    }
  }

  /// What the task says, if it was the task that failed.
  public var failure: TaskFailure? {
    switch self {
    case .failed(let failure), .revoked(let failure), .rejected(let failure), .timeLimitExceeded(let failure): failure
    case .timedOut, .forgotten, .expired, .cancelled, .closed, .contentDisallowed, .undecodable, .damaged: nil
    }
  }
}

extension TaskResultError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .failed(let failure): "task \(failure.task) failed: \(failure)"
    case .revoked(let failure): "task \(failure.task) was revoked: \(failure)"
    case .rejected(let failure): "task \(failure.task) was rejected: \(failure)"
    case .timeLimitExceeded(let failure): "task \(failure.task) ran for too long: \(failure)"
    case .timedOut: "the result did not come in time; the task goes on, if a worker has it or will take it"
    case .forgotten: "the result is not kept: it was forgotten, or its task ignores it (ignore_result)"
    case .expired:
      "the result came and was dropped when it expired (result_expires): fetch it sooner, or keep it longer"
    case .cancelled: "the waiting was cancelled"
    case .closed: "the application was closed before the result came: keep it, and close it when nobody waits any more"
    case .contentDisallowed(let serializer): "the result is \(serializer.contentType), which is not accepted"
    case .undecodable(let error): "the result is of another type: \(error)"
    case .damaged(let error): "the result cannot be decompressed: \(error)"
    }
  }
}
