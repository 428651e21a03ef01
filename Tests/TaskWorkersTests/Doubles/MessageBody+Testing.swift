import DriverInterface
import Serialization
import TaskWorkers

extension [UInt8] {
  /// Calls `body` with the bytes as a message's body.
  func withMessageBody<Result>(_ body: (MessageBody) -> Result) -> Result {
    unsafe withUnsafeBytes { buffer in
      let borrowed = unsafe BorrowedBytes(buffer)
      return unsafe body(MessageBody(start: borrowed.start, count: borrowed.count))
    }
  }

  /// The task's message that the bytes are.
  var taskMessage: TaskMessage? { withMessageBody { TaskEnvelope($0).map { TaskMessage($0) } } }
}

extension SerializedBytes {
  /// Bytes that stand for arguments.
  static func raw(_ bytes: [UInt8] = []) -> SerializedBytes { SerializedBytes(bytes, serializer: .raw) }
}

extension TaskMessage {
  /// A message with something in every field.
  static func full() -> TaskMessage {
    var identifiers = TaskIdentifierSource(seed: 5)
    var message = TaskMessage(
      "images.resize", identifier: identifiers.next(),
      arguments: SerializedBytes([1, 2, 3], serializer: .cbor, compression: .lz4))
    message.priority = 7
    message.flags = [.ignoresResult, .isRedelivered]
    message.correlation = 11
    message.replyTo = 12
    message.eta = 13
    message.expires = 14
    message.softTimeLimit = 15
    message.timeLimit = 16
    message.retries = 17
    message.relations.root = identifiers.next()
    message.relations.parent = identifiers.next()
    message.relations.group = identifiers.next()
    message.relations.groupIndex = 3
    message.relations.chordSize = 9
    message.queue = "images"
    message.routingKey = "images.large"
    message.shadow = "resize"
    message.lang = "swift"
    message.argsrepr = "(1, 2, 3)"
    message.kwargsrepr = "{}"
    message.origin = "1@host"
    message.headers = ["trace": "abc", "": "ü"]
    var inner = Signature("log.write", arguments: .raw([9]))
    inner.options.countdown = .seconds(5)
    inner.options.link = [Signature("log.rotate", arguments: .raw())]
    var dated = Signature("mail.send", arguments: SerializedBytes([], serializer: .json))
    dated.options.eta = 99
    dated.options.priority = 0
    dated.options.ignoreResult = false
    dated.options.expires = .milliseconds(7)
    dated.options.queue = "mail"
    dated.options.headers = ["to": "x"]
    dated.identifier = identifiers.next()
    dated.chain = [inner]
    message.callbacks = [inner, dated]
    message.errbacks = [dated]
    message.chain = [inner, dated, inner]
    message.chord = [dated]
    return message
  }
}
