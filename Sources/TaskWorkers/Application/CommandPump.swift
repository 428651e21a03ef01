import DriverInterface
import Serialization

/// Takes commands out of a node's inbox. Owned by the thread for commands.
final class CommandPump: @unchecked Sendable {
  // Unchecked, because: it is moved to its thread before that starts, and no other uses it.
  private let inbox: any TaskInbox

  init(_ inbox: any TaskInbox) { self.inbox = inbox }

  /// Answers the commands that there are, or sleeps for up to `period` nanoseconds until there may be one.
  func run(period: Int64, now: Int64, _ answer: (ControlRequest) -> Void) {
    let requests = take(now)
    guard requests.isEmpty else { return requests.forEach(answer) }
    var late: [ControlRequest] = []
    inbox.sleep(timeoutNanoseconds: period) {
      late = take(now)
      return late.isEmpty
    }
    late.forEach(answer)
  }

  /// Those of the messages that are commands; others are nobody's.
  private func take(_ now: Int64) -> [ControlRequest] {
    var requests: [ControlRequest] = []
    _ = inbox.take(now: now) { message in
      let request = try? Serializer.messagepack.decode(
        ControlRequest.self, from: unsafe BorrowedBytes(message.body.bytes))
      if let request { requests.append(request) }
    }
    return requests
  }
}
