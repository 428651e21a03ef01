/// One thread's end for sending messages that finds routes while it runs.
public protocol RoutingSender: MessageSender, ~Copyable {
  /// The index of the route for an exchange and a key, for `send`; asked again, the same one. The default exchange, "", leads to the
  /// queue whose name is the key.
  /// - Throws: when the subject refuses: no such exchange, or too many routes.
  mutating func route(exchange: String, key: String) throws(DriverError) -> Int

  /// Hands over one message at once, without a correlation: a queue without room does not get it, and holds up nobody. Not while others
  /// are staged by `send`.
  /// - Returns: one accepted, rejected (also by a queue that holds publishers back), unroutable or returned; or one remaining, of a route
  ///   to several queues that do not all have room, which `flush` is owed for.
  mutating func sendAtOnce(_ body: MessageBody, route: Int, priority: UInt8, now: Int64) -> FlushOutcome

  /// Takes back the newest message that was staged by `send` along a route to one queue, if that still has no room for it.
  /// - Returns: false when there is none that can be taken back: it has left, or is about to.
  mutating func withdraw(route: Int) -> Bool
}
