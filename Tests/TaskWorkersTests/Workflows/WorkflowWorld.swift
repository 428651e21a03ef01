import Distributions
import DriverInterface
import Serialization
import Testing

@testable import TaskWorkers

/// Runs workflows in a world without queues, threads and clocks: whatever message is next is drawn by lot, and some come twice.
///
/// A task named `a` returns its name and what it was given: `a`, `a(b)` after `b`, `a[b,c]` after a group.
struct WorkflowWorld {
  var desk = WorkflowDesk(identifiers: TaskIdentifierSource(seed: 77))
  var random: SplitMix64
  /// Names of the tasks that fail.
  var failing: Set<String> = []
  /// Whether some messages come twice.
  var repeats = false

  /// What each task returned, by identity.
  private(set) var results: [TaskIdentifier: String] = [:]
  /// What each task failed with.
  private(set) var failures: [TaskIdentifier: TaskFailure] = [:]
  /// Names of the tasks in the order in which they ran, without repetitions.
  private(set) var ran: [String] = []
  /// How often the desk has asked for each task.
  private(set) var sentCount: [TaskIdentifier: Int] = [:]
  private(set) var messages: [TaskMessage] = []

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// Compiles a workflow, runs it to its end, and returns the compiled form.
  @discardableResult
  mutating func run(_ workflow: Workflow) throws -> CompiledWorkflow {
    var identifiers = TaskIdentifierSource(seed: 1)
    let compiled = WorkflowCompiler.compile(workflow, identifiers: &identifiers)
    messages = compiled.heads.map { $0.message(identifier: .none, now: 0) }
    while !messages.isEmpty { try step() }
    return compiled
  }

  /// The workflow's results, nil for those that are missing.
  func ends(_ compiled: CompiledWorkflow) -> [String?] { compiled.ends.map { results[$0] } }

  private mutating func step() throws {
    let index = Int(random.next() % UInt64(messages.count))
    // Through the bytes: what travels is what is tested.
    let message = try Self.travelled(messages[index])
    if !repeats || random.next() % 4 != 0 { messages.remove(at: index) }
    let consequences = desk.consequences(of: message, execute(message), now: 0)
    for next in consequences.messages { sentCount[next.identifier, default: 0] += 1 }
    messages += consequences.messages
    for notice in consequences.notices where failures[notice.identifier] == nil {
      failures[notice.identifier] = TaskFailure(
        task: notice.identifier, name: "", typeName: notice.errorType, text: notice.errorText)
    }
  }

  private mutating func execute(_ message: TaskMessage) -> TaskEnding {
    if results[message.identifier] == nil, failures[message.identifier] == nil { ran.append(message.task) }
    guard !failing.contains(message.task) else {
      let failure = TaskFailure(
        task: message.identifier, name: message.task, typeName: "ValueError", text: "\(message.task) is bad")
      failures[message.identifier] = failure
      return .failure(failure)
    }
    let text = message.task + Self.text(message.input)
    results[message.identifier] = text
    return .success(SerializedBytes(Array(text.utf8), serializer: .raw))
  }

  static func text(_ input: TaskInput?) -> String {
    switch input {
    case nil: ""
    case .single(let part): "(\(String(decoding: part.bytes, as: UTF8.self)))"
    case .group(let parts):
      "[\(parts.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: ","))]"
    }
  }

  static func travelled(_ message: TaskMessage) throws -> TaskMessage {
    let bytes = try message.encoded()
    return try unsafe bytes.withUnsafeBytes { buffer in
      let body = unsafe MessageBody(start: buffer.baseAddress!, count: buffer.count)
      return TaskMessage(try #require(TaskEnvelope(body)))
    }
  }
}

/// The same workflows, evaluated as the definitions say, in a few lines.
enum WorkflowModel {
  enum Value: Equatable {
    case single(String)
    case list([String])

    var all: [String] {
      switch self {
      case .single(let text): [text]
      case .list(let texts): texts
      }
    }
  }

  static func evaluate(_ workflow: Workflow, _ input: Value? = nil) -> Value? {
    switch workflow {
    case .task(let signature): return .single(signature.task + (signature.isImmutable ? "" : text(input)))
    case .chain(let steps):
      return steps.reduce(input) { value, step in isNothing(step) ? value : evaluate(step, value) }
    case .group(let members): return .list(members.flatMap { isNothing($0) ? [] : evaluate($0, input)?.all ?? [] })
    case .chord(let header, let body):
      let list = evaluate(.group(header), input)
      return isNothing(body) ? list : evaluate(body, list)
    }
  }

  private static func text(_ input: Value?) -> String {
    switch input {
    case nil: ""
    case .single(let text): "(\(text))"
    case .list(let texts): "[\(texts.joined(separator: ","))]"
    }
  }

  private static func isNothing(_ workflow: Workflow) -> Bool {
    switch workflow {
    case .task: false
    case .chain(let parts), .group(let parts): parts.allSatisfy(isNothing)
    case .chord(let header, let body): isNothing(body) && header.allSatisfy(isNothing)
    }
  }
}

extension Signature {
  /// A task without arguments.
  static func named(_ name: String, isImmutable: Bool = false) -> Signature {
    var signature = Signature(name, arguments: SerializedBytes([], serializer: .raw))
    signature.isImmutable = isImmutable
    return signature
  }
}

extension Workflow: ExpressibleByStringLiteral {
  /// A task of that name.
  init(stringLiteral name: String) { self = .task(.named(name)) }
}
