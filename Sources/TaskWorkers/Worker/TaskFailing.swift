import Serialization

/// What an error that a handler threw means for its task.
enum TaskFailing {
  /// Writes the outcome; returns its state.
  static func write(
    _ error: any Error, options: TaskOptions, _ flags: TaskOutcome.Flags, into outcome: inout ByteWriter
  ) -> TaskState {
    if let retry = error as? TaskRetry {
      let type = retry.cause.map(typeName) ?? WorkerErrorName.maxRetriesExceeded
      let text = retry.cause.map { "\($0)" } ?? "the task was tried as often as it may be"
      // A moment that is past is no wait; below nothing stands for what the options say.
      let wait = retry.countdown.map { max(0, $0.wholeNanoseconds) }
      OutcomeWriter.retry(&outcome, after: wait, errorType: type, text: text, flags: flags)
      return .retry
    }
    if error is TaskRevoked {
      OutcomeWriter.end(
        &outcome, .revoked, errorType: WorkerErrorName.revoked, text: "the task was called off", flags: flags)
      return .revoked
    }
    var flags = flags
    if matches(error, options.throws) { flags.insert(.isExpectedError) }
    if matches(error, options.autoretryFor) {
      OutcomeWriter.retry(&outcome, after: nil, errorType: typeName(error), text: "\(error)", flags: flags)
      return .retry
    }
    OutcomeWriter.end(&outcome, .failure, errorType: typeName(error), text: "\(error)", flags: flags)
    return .failure
  }

  private static func typeName(_ error: any Error) -> String { String(describing: type(of: error)) }

  private static func matches(_ error: any Error, _ types: [any Error.Type]) -> Bool {
    func isOne<Kind: Error>(of type: Kind.Type) -> Bool { error is Kind }
    return types.contains { isOne(of: $0) }
  }
}
