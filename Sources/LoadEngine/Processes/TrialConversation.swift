import Platform

/// A trial's process and what it has said so far.
struct TrialConversation {
  let child: ChildProcess
  private let messages: OwnedDescriptor
  private let errors: OwnedDescriptor
  private var reader = TrialMessageReader()
  private var errorTail: [UInt8] = []
  private var messagesEnded = false
  private var errorsEnded = false
  /// What the trial left behind, once it has said so.
  private(set) var outcome: TrialOutcome?
  /// Why the trial could not be run, if it said so.
  private(set) var refusal: TrialRefusal?
  /// What was wrong with its messages.
  private(set) var complaint: String?

  /// Starts the process and gives it its request.
  init(_ launch: ChildProcess.Launch, request: [UInt8]) throws {
    let input = try OwnedDescriptor.pipe(holding: request)
    let messagePipe = try OwnedDescriptor.pipe()
    let errorPipe = try OwnedDescriptor.pipe()
    var launch = launch
    launch.inherited = [
      TrialProcess.requestDescriptor: input.number, TrialProcess.messageDescriptor: messagePipe.writing.number,
    ]
    launch.standardOutput = .discarded
    launch.standardError = .descriptor(errorPipe.writing.number)
    child = try ChildProcess(launch)
    messages = messagePipe.reading
    errors = errorPipe.reading
  }

  /// Whether nothing more will come: the child has closed both pipes, or dies.
  var isOver: Bool { messagesEnded && errorsEnded || complaint != nil }

  /// The last lines of its standard error.
  var lastWords: String {
    let lines = String(decoding: errorTail, as: UTF8.self).split(separator: "\n").suffix(5)
    return lines.joined(separator: " | ")
  }

  /// Hears what the child says until the deadline or the next thing it says.
  mutating func listen(untilMonotonic deadline: Int64, _ progress: (ProgressSnapshot) -> Void) throws {
    var sources: [OwnedDescriptor] = []
    if !messagesEnded { sources.append(messages) }
    if !errorsEnded { sources.append(errors) }
    for index in try OwnedDescriptor.waitForInput(sources, untilMonotonic: deadline) {
      if sources[index] === messages { try hear(progress) } else { try hearErrors() }
    }
  }

  private mutating func hear(_ progress: (ProgressSnapshot) -> Void) throws {
    switch try messages.read(untilMonotonic: 0) {
    case .nothing: break
    case .end: messagesEnded = true
    case .bytes(let bytes):
      do {
        for message in try reader.append(bytes) {
          switch message {
          case .progress(let snapshot): progress(snapshot)
          case .outcome(let outcome): self.outcome = outcome
          case .refused(let refusal): self.refusal = refusal
          }
        }
      } catch {
        complaint = "cannot be understood: \(error)"
      }
    }
  }

  private mutating func hearErrors() throws {
    switch try errors.read(untilMonotonic: 0) {
    case .nothing: break
    case .end: errorsEnded = true
    case .bytes(let bytes): errorTail = Array((errorTail + bytes).suffix(4096))
    }
  }
}
