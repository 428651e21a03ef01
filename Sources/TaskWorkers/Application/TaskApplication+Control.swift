import DriverInterface
import Platform
import Serialization

extension TaskApplication {
  /// Starts workers in this process. They work until the node is shut down or dropped: `_ =` in place of a name drops it at once, and
  /// nothing is executed.
  /// - Throws: what is wrong with the options; what the driver refuses, such as a queue that nobody has declared
  ///   (`ApplicationSettings.queues`); or that a thread or a process cannot be started.
  public func startWorkers(_ options: WorkerNodeOptions = WorkerNodeOptions()) throws -> WorkerNode {
    try WorkerNode(self, options)
  }

  /// Sends a command to workers and collects what they answer.
  /// - Parameters:
  ///   - command: What is asked.
  ///   - destination: Which workers it is for, by name; empty for all.
  ///   - timeout: How long to wait for answers.
  ///   - count: How many answers are enough; nil for those of `destination`, or for all that come in time, which takes all of it. With 0
  ///     nobody is waited for: what was sent is heard of soon.
  /// - Returns: the answers, by the workers' names.
  public func control(
    _ command: ControlCommand, destination: [String] = [], timeout: Duration = .seconds(1), count: Int? = nil
  ) throws(TaskSendError) -> [String: ControlReply.Answer] {
    let inbox: any TaskInbox
    do { inbox = try transport.openInbox([]) } catch { throw .unavailable(error) }
    var request = ControlRequest(command, destination: destination)
    request.ticket = identifiers.withLock { $0.next().low }
    request.replyTo = inbox.address
    let place = OutgoingMessage.Destination.route(exchange: ControlRequest.exchange, key: "")
    do { try post(request, to: place) } catch .noQueue { return [:] }
    return collect(
      from: inbox, ticket: request.ticket, timeout: timeout,
      count: count ?? (destination.isEmpty ? .max : destination.count))
  }

  private func collect(
    from inbox: any TaskInbox, ticket: UInt64, timeout: Duration, count: Int
  ) -> [String: ControlReply.Answer] {
    let end = MonotonicClock.now().advanced(upTo: timeout.wholeNanoseconds)
    var answers: [String: ControlReply.Answer] = [:]
    let take = {
      inbox.take(now: self.time.now()) { message in
        let reply = try? Serializer.messagepack.decode(
          ControlReply.self, from: unsafe BorrowedBytes(message.body.bytes))
        if let reply, reply.ticket == ticket { answers[reply.worker] = reply.answer }
      }
    }
    while answers.count < count {
      let left = end - MonotonicClock.now()
      guard left > 0 else { break }
      if take() == 0 { inbox.sleep(timeoutNanoseconds: left) { take() == 0 } }
    }
    return answers
  }

  /// Sends a worker's answer to where it is expected, or else why it cannot be sent: it may be larger than a message.
  /// - Parameter patience: How long it is offered when others wait for room, in nanoseconds; whoever asks waits a second by default.
  /// - Returns: false when not even that could be sent.
  func sendReply(_ reply: ControlReply, to address: UInt64, patience: Int64 = 1_000_000_000) -> Bool {
    guard address != 0 else { return true }
    let end = MonotonicClock.now() + patience
    var reply = reply
    var isReplaced = false
    while true {
      do throws(TaskSendError) {
        try post(reply, to: .address(address))
        return true
      } catch {
        if case .queueFull = error {
          guard MonotonicClock.now() < end else { return false }
          PrecisionSleep.sleep(nanoseconds: 1_000_000)
        } else {
          guard !isReplaced else { return false }
          isReplaced = true
          reply.answer = .error("the answer cannot be sent: \(error)")
        }
      }
    }
  }

  private func post(
    _ value: some SerializableValue, to destination: OutgoingMessage.Destination
  ) throws(TaskSendError) {
    var writer = ByteWriter(capacity: 256, limit: TaskEnvelope.byteCountLimit)
    do { try Serializer.messagepack.encode(value, into: &writer) } catch { throw .arguments(error) }
    guard
      try events.outbox.tryPublish(
        OutgoingMessage(bytes: writer.copied(), destination: destination), now: time.now())
    else { throw .queueFull }
  }

  /// Fills in what a message lacks that follows another: where it goes, and who says so.
  func complete(_ message: inout TaskMessage) {
    message.queue = queue(of: message)
    message.origin = settings.name
  }
}
