extension Broker {
  /// Pauses a queue: it goes on taking messages and gives none, to consumers and to `get`, until it is resumed. Pausing twice is the
  /// same as once.
  ///
  /// A batch that a consumer is taking at this moment is still delivered. Error: 404.
  public func pauseQueue(_ name: String) throws(BrokerError) { try queue(name, by: nil).pause() }

  /// Lets a paused queue give messages again, and wakes its consumers; one that is not paused stays as it is. Error: 404.
  public func resumeQueue(_ name: String) throws(BrokerError) { try queue(name, by: nil).resume() }
}
