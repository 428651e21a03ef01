import DriverInterface

/// An outcome that arrived, owned.
struct ReceivedOutcome: Sendable, Equatable {
  var state: TaskState
  /// What the task returned; nil unless it succeeded.
  var value: SerializedBytes?
  /// What it failed with.
  var failure: TaskFailure?
  var retries: UInt32
  var isRedelivered: Bool

  /// A copy of what `outcome` says.
  init(_ outcome: TaskOutcome) {
    state = outcome.state
    retries = outcome.retries
    isRedelivered = outcome.flags.contains(.isRedelivered)
    if state == .success {
      value = SerializedBytes(
        outcome.value.copy, serializer: outcome.serializer, compression: outcome.compression)
    } else {
      failure = TaskFailure(
        task: outcome.identifier, name: "", typeName: outcome.errorType, text: outcome.errorText)
    }
  }
}
