import DriverInterface
import Serialization
import TaskWorkers

/// Reads an input as one of the messages of the task layer; what is read survives being written and read again.
enum TaskMessageSubject: String, CaseIterable {
  case envelope = "task-envelope"
  case outcome = "task-outcome"
  case control = "task-control"

  func make() -> @Sendable (UnsafeRawBufferPointer) -> Void {
    switch self {
    case .envelope: { Self.readEnvelope(MessageBody($0)) }
    case .outcome: { Self.readOutcome(MessageBody($0)) }
    case .control: { Self.readControl(BorrowedBytes($0)) }
    }
  }

  private static func readEnvelope(_ body: MessageBody) {
    guard let envelope = TaskEnvelope(body) else { return }
    let message = TaskWorkers.TaskMessage(envelope)
    do {
      try message.encoded().withUnsafeBytes { bytes in
        guard let again = TaskEnvelope(MessageBody(bytes)) else { fatalError("\(message) was not read back") }
        precondition(TaskWorkers.TaskMessage(again) == message, "\(message) became \(TaskWorkers.TaskMessage(again))")
      }
    } catch {
      fatalError("\(message): \(error)")
    }
  }

  private static func readOutcome(_ body: MessageBody) {
    guard let outcome = TaskOutcome(body) else { return }
    var writer = ByteWriter()
    OutcomeWriter.begin(&writer, for: outcome.identifier, retries: outcome.retries)
    OutcomeWriter.end(
      &writer, outcome.state, errorType: outcome.errorType, text: outcome.errorText, flags: outcome.flags)
    OutcomeWriter.setCorrelation(&writer, outcome.correlation)
    writer.copied().withUnsafeBytes { bytes in
      guard let again = TaskOutcome(MessageBody(bytes)) else { fatalError("\(outcome.state) was not read back") }
      precondition(
        again.state == outcome.state && again.identifier == outcome.identifier && again.retries == outcome.retries
          && again.correlation == outcome.correlation && again.flags == outcome.flags
          && again.errorType == outcome.errorType && again.errorText == outcome.errorText,
        "the outcome changed: \(outcome.errorText)")
    }
    _ = (outcome.countdown, outcome.value.count, outcome.serializer, outcome.compression)
  }

  private static func readControl(_ bytes: BorrowedBytes) {
    repeatValue(ControlRequest.self, bytes)
    repeatValue(ControlReply.self, bytes)
    repeatValue(TaskEvent.self, bytes)
  }

  private static func repeatValue<Value: SerializableValue & Equatable>(_: Value.Type, _ bytes: BorrowedBytes) {
    let serializer = Serializer.messagepack
    guard let value = try? serializer.decode(Value.self, from: bytes, limits: SerializationSubject.limits) else {
      return
    }
    do {
      let again = try serializer.decode(Value.self, from: serializer.document(value))
      precondition(again == value, "\(value) became \(again)")
    } catch {
      fatalError("\(value): \(error)")
    }
  }
}

extension MessageBody {
  /// A view of an input, which may be empty and nowhere then.
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    self.init(start: bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!, count: bytes.count)
  }
}
