import DriverInterface

/// How a task ended for good, as what follows it needs to know.
public enum TaskEnding: Sendable, Equatable {
  /// It returned a value.
  case success(SerializedBytes)
  /// It failed, was called off, or was rejected.
  case failure(TaskFailure)

  /// What the outcome of the task called `name` says; nil when another attempt follows.
  public init?(_ outcome: TaskOutcome, name: String) {
    guard outcome.state.isFinal else { return nil }
    if outcome.state == .success {
      self = .success(
        SerializedBytes(outcome.value.copy, serializer: outcome.serializer, compression: outcome.compression))
    } else {
      self = .failure(
        TaskFailure(
          task: outcome.identifier, name: name, typeName: outcome.errorType, text: outcome.errorText))
    }
  }
}
