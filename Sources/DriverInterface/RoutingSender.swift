/// One thread's end for sending messages that finds routes while it runs.
public protocol RoutingSender: MessageSender, ~Copyable {
  /// The index of the route for an exchange and a key, for `send`; asked again, the same one. The default exchange, "", leads to the
  /// queue whose name is the key.
  /// - Throws: when the subject refuses: no such exchange, or too many routes.
  mutating func route(exchange: String, key: String) throws(DriverError) -> Int
}
