import DriverInterface
import MessageBroker
import Platform
import WorkloadLoops

/// Opens the sessions of one consumer or server: the first one, and those that follow when it dies on purpose.
struct ConsumerOpener {
  private let plan: WorkloadPlan
  private let broker: Broker
  private let consumer: WorkloadPlan.Consumer
  /// Messages that the end publishes at once: replies.
  private let publishBatch: Int

  init(_ plan: WorkloadPlan, _ broker: Broker, _ consumer: WorkloadPlan.Consumer, publishBatch: Int) {
    self.plan = plan
    self.broker = broker
    self.consumer = consumer
    self.publishBatch = publishBatch
  }

  /// A session's end; one that does not consume never gets anything.
  func open(consumes: Bool) throws(BrokerError) -> BrokerEndpoint {
    var session = try broker.openSession(
      SessionOptions(batchCount: publishBatch, prefetchCount: consumer.prefetchCount, mayPark: consumer.wait.parks))
    let isAutomatic = consumer.acknowledgement == .none
    if consumes {
      _ = try session.consume(
        queue: consumer.queue, prefetch: consumer.prefetchCount, acknowledgement: isAutomatic ? .automatic : .manual,
        priority: consumer.priority)
    }
    return BrokerEndpoint(
      session, publishBatch: publishBatch, acknowledges: !isAutomatic, largestBodyByteCount: 0)
  }

  /// An end that does what the consumer's faults say.
  func openFaulty(_ faults: WorkerFaults, streamCount: Int) throws(BrokerError) -> FaultyEndpoint<BrokerEndpoint> {
    try openFaulty(faults, streamCount: streamCount) { consumes throws(BrokerError) in try open(consumes: consumes) }
  }

  /// The same with bodies that travel encoded: what is broken is what was decoded, so that each message still tells its number.
  func openFaulty(
    _ faults: WorkerFaults, streamCount: Int, serializing meters: WorkerMeters
  ) throws(BrokerError) -> FaultyEndpoint<SerializingEndpoint<BrokerEndpoint, CycleCounter>> {
    try openFaulty(faults, streamCount: streamCount) { consumes throws(BrokerError) in
      plan.serializing(try open(consumes: consumes), as: plan.encodings, meters: meters)
    }
  }

  private func openFaulty<Inner: MessageReceiver & ~Copyable>(
    _ faults: WorkerFaults, streamCount: Int, _ open: @escaping (_ consumes: Bool) throws(BrokerError) -> Inner
  ) throws(BrokerError) -> FaultyEndpoint<Inner> {
    FaultyEndpoint(
      try open(true), worker: faults,
      // A request's number is its correlation id, of which 0 means none.
      selector: MessageFaultSelector(
        consumer.faults.messageFaults, streamCount: streamCount, firstSequence: plan.pattern.hasAnswers ? 1 : 0),
      largestBodyByteCount: plan.producers.map(\.payloadByteCount).max() ?? 0
    ) { consumes in
      // The place of the session before it is free, and what it was allowed this one is too.
      do throws(BrokerError) { return try open(consumes) } catch {
        preconditionFailure("no session for a replacement: \(error)")
      }
    }
  }
}
