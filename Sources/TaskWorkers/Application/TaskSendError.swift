public import DriverInterface
public import Serialization

/// Why a task could not be sent.
public enum TaskSendError: Error, Sendable {
  /// The queue stayed full for longer than `ApplicationSettings.sendTimeout`, or refuses messages when it is full.
  case queueFull
  /// There is no queue where the task should go.
  case noQueue(String)
  /// The message is not one that can be sent.
  case message(TaskMessageError)
  /// The arguments cannot be serialized that way.
  case arguments(SerializationError)
  /// The arguments cannot be compressed that way.
  case compression(CompressionError)
  /// The workflow has another number of results than one: `TaskApplication.applyGroup` sends it.
  case notOneResult(count: Int)
  /// More results are waited for than the application keeps.
  case tooManyResults(limit: Int)
  /// The application was shut down.
  case closed
  /// The driver does not do that.
  case unavailable(DriverError)
}

extension TaskSendError: CustomStringConvertible {
  /// What is wrong, and what to do instead.
  public var description: String {
    switch self {
    case .queueFull: "the queue is full: send later, or add workers"
    case .noQueue(let place):
      "no queue takes the message (\(place)): name it in ApplicationSettings.queues, or declare it first"
    case .message(let error): "the message cannot be sent: \(error)"
    case .arguments(let error): "the arguments cannot be serialized: \(error)"
    case .compression(let error): "the arguments cannot be compressed: \(error)"
    case .notOneResult(let count): "the workflow has \(count) results, not one: send it with applyGroup"
    case .tooManyResults(let limit): "\(limit) results are waited for already: let handles go, or ignore results"
    case .closed: "the application was shut down"
    case .unavailable(let error): error.message
    }
  }
}
