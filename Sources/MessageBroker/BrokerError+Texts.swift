extension BrokerError {
  static var defaultExchange: BrokerError {
    BrokerError(code: .accessRefused, message: "operation not permitted on the default exchange")
  }

  static func reserved(_ kind: String, _ name: String) -> BrokerError {
    BrokerError(code: .accessRefused, message: "\(kind) name '\(name)' contains reserved prefix 'amq.*'")
  }

  static func noExchange(_ name: String) -> BrokerError {
    BrokerError(code: .notFound, message: "no exchange '\(name)'")
  }

  static func noQueue(_ name: String) -> BrokerError {
    BrokerError(code: .notFound, message: "no queue '\(name)'")
  }

  static func locked(_ name: String) -> BrokerError {
    BrokerError(code: .resourceLocked, message: "cannot obtain exclusive access to locked queue '\(name)'")
  }

  static func exclusiveUse(of queue: String) -> BrokerError {
    BrokerError(code: .accessRefused, message: "queue '\(queue)' in exclusive use")
  }

  static func timeoutBesideLanes(_ queue: String) -> BrokerError {
    BrokerError(
      code: .preconditionFailed,
      message: "queue '\(queue)' hands messages out when they are published, so its consumers have no timeout")
  }

  static func exclusiveBesideSingleActive(_ queue: String) -> BrokerError {
    BrokerError(
      code: .accessRefused, message: "queue '\(queue)' has a single active consumer, so none can be exclusive")
  }

  static func inequivalent(
    _ argument: String, of kind: String, _ name: String, received: String, current: String
  ) -> BrokerError {
    BrokerError(
      code: .preconditionFailed,
      message: "inequivalent arg '\(argument)' for \(kind) '\(name)': "
        + "received '\(received)' but current is '\(current)'")
  }

  static func limit(_ text: String) -> BrokerError {
    BrokerError(code: .resourceError, message: "\(text), which is the limit")
  }

  static func internalExchange(_ name: String) -> BrokerError {
    BrokerError(code: .accessRefused, message: "cannot publish to internal exchange '\(name)'")
  }

  /// Refuses names and keys that are longer than the protocol's short strings.
  static func checkLength(of text: String, as what: String) throws(BrokerError) {
    guard text.utf8.count > shortStringByteCountLimit else { return }
    throw BrokerError(
      code: .syntaxError, message: "\(what) of \(text.utf8.count) bytes; at most \(shortStringByteCountLimit)")
  }

  /// What the protocol's short strings hold.
  static var shortStringByteCountLimit: Int { 255 }

  @usableFromInline
  static func unknownDelivery(_ tag: UInt64) -> BrokerError {
    BrokerError(code: .preconditionFailed, message: "unknown delivery tag \(tag)")
  }

  static var unknownConsumer: BrokerError {
    BrokerError(code: .notFound, message: "no such consumer in this session")
  }
}
