import DriverInterface
import Serialization
import TaskWorkers
import WorkloadLoops

extension TaskBody {
  /// Does several tasks at once: checks what each was sent, does the work of the longest, and answers each.
  func run(_ batch: inout TaskBatch) {
    let start = begin()
    let items = batch.items
    var checked: [(index: Int, stamp: MessageStamp)] = []
    for (index, item) in items.enumerated() {
      do {
        let stamp = try item.arguments.bytes.withBody { body throws in
          try check(body, serializer: item.arguments.serializer)
        }
        checked.append((index, stamp))
      } catch {
        batch.fail(index, with: error)
      }
    }
    work(for: checked.map(\.stamp))
    for (index, stamp) in checked {
      var writer = ByteWriter(capacity: TaskReply.byteCount)
      do {
        try answer(
          stamp, since: start, serializer: items[index].arguments.serializer, attempt: items[index].retries,
          into: &writer)
        batch.succeed(index, with: writer.copied())
      } catch {
        batch.fail(index, with: error)
      }
    }
  }
}

extension [UInt8] {
  /// Lends the bytes as a body.
  fileprivate func withBody<Result>(_ use: (MessageBody) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("a task has arguments") }
      return try use(unsafe MessageBody(start: start, count: bytes.count))
    }
  }
}
