public import DriverInterface

/// Messages that wait for the rate limits of their tasks, a line for each task, first come, first served.
///
/// They stay unacknowledged, so their bytes stay where they are; what is held is a `ReceivedMessage` each.
@usableFromInline
struct HeldLines {
  private struct Line {
    let limiter: SharedRateLimiter
    var messages: [ReceivedMessage] = []
    var head = 0

    var count: Int { messages.count - head }
  }

  private var lines: [Int: Line] = [:]
  /// How many messages wait.
  @usableFromInline private(set) var count = 0
  private let limit: Int
  /// Where the limits are kept.
  let limits: SharedRateLimits

  init(_ table: TaskTable, limit: Int, sharing limits: SharedRateLimits) {
    self.limit = limit
    self.limits = limits
    for (index, entry) in table.entries.enumerated() {
      if let limiter = limits.limiter(of: entry.name, defined: entry.options.rateLimit), limiter.isLimited {
        lines[index] = Line(limiter: limiter)
      }
    }
  }

  /// What becomes of a message of a task with a rate limit.
  @usableFromInline
  enum Turn {
    /// It begins now.
    case now
    /// It waits here.
    case held
    /// The line is long: it should come back then.
    case elsewhere(Int64)
  }

  /// Takes a message in or lets it through.
  @usableFromInline
  mutating func admit(_ message: ReceivedMessage, _ index: Int, canReturn: Bool, now: Int64) -> Turn {
    guard var line = lines[index] else { return .now }
    defer { lines[index] = line }
    if line.count == 0, line.limiter.take(now: now) { return .now }
    if line.count >= limit, canReturn {
      return .elsewhere(line.limiter.returnMoment(waitingCount: line.count, now: now))
    }
    line.messages.append(message)
    count += 1
    return .held
  }

  /// The next message whose turn has come, with the place of its task; nil when there is none.
  @usableFromInline
  mutating func next(now: Int64) -> (ReceivedMessage, Int)? {
    guard count > 0 else { return nil }
    for index in lines.keys {
      guard lines[index]?.count ?? 0 > 0, lines[index]?.limiter.take(now: now) == true else { continue }
      if let message = removeFirst(index) { return (message, index) }
    }
    return nil
  }

  /// When the next one may begin; nil when none waits.
  @usableFromInline
  var nextMoment: Int64? { lines.values.lazy.filter { $0.count > 0 }.map(\.limiter.nextMoment).min() }

  /// Looks at the limit of a task, which was changed at run time. Those that wait keep their place.
  mutating func noticeLimit(_ index: Int, of task: String) {
    guard let limiter = limits.limiter(of: task) else { return }
    if limiter.isLimited {
      if lines[index] == nil { lines[index] = Line(limiter: limiter) }
    } else if lines[index]?.count == 0 {
      // Those that wait begin at once.
      lines[index] = nil
    }
  }

  /// Whether there are no limits.
  var isEmpty: Bool { lines.isEmpty }

  /// Whether tasks at this place have a limit.
  @usableFromInline
  func isLimited(_ index: Int) -> Bool { !lines.isEmpty && lines[index] != nil }

  /// All that wait.
  var messages: [ReceivedMessage] { lines.values.flatMap { $0.messages[$0.head...] } }

  /// Takes all that wait out of their lines.
  mutating func removeAll() -> [ReceivedMessage] {
    let all = messages
    for index in lines.keys {
      lines[index]?.messages = []
      lines[index]?.head = 0
    }
    count = 0
    return all
  }

  private mutating func removeFirst(_ index: Int) -> ReceivedMessage? {
    guard var line = lines[index], line.count > 0 else { return nil }
    let message = line.messages[line.head]
    line.head += 1
    if line.head == line.messages.count {
      line.messages.removeAll(keepingCapacity: true)
      line.head = 0
    } else if line.head > 256, line.head * 2 > line.messages.count {
      line.messages.removeFirst(line.head)
      line.head = 0
    }
    lines[index] = line
    count -= 1
    return message
  }
}
