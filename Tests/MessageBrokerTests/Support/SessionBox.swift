import MessageBroker

/// A place for a session, which cannot be copied, so that arrays and closures can hold it.
final class SessionBox {
  var session: Session
  init(_ session: consuming Session) { self.session = session }
}
