/// Where a session publishes to: one (exchange, routing key, headers), resolved once and then known by a small number.
///
/// Valid for the session that made it; it follows every later change of bindings and queues.
@frozen
public struct Route: Hashable, Sendable {
  @usableFromInline let index: Int

  @inlinable
  init(index: Int) { self.index = index }
}
