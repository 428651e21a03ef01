/// Turns a workflow into signatures that hold what follows them, in the way of message protocol 2.
///
/// Every task gets its identity here, so that whoever sends the workflow can wait for any of them. The rules:
/// - What follows a task in a chain lies side by side in its `chain`. It ends with the chain, or with a group, which is one
///   signature with `members`.
/// - The last tasks of each member of a chord's header carry the group's id, their place in it, its size, and the body in `chord`.
///   The rest of a chain behind a chord follows its body.
struct WorkflowCompiler {
  /// What the last tasks of a part belong to: nothing, a group, or the header of a chord, which counts them.
  private struct Ending {
    var group: TaskIdentifier?
    var firstIndex = 0
    var size = 0
    var body: [Signature] = []

    /// The ending for what comes `count` results later in the same header.
    func advanced(by count: Int) -> Ending {
      var later = self
      later.firstIndex += count
      return later
    }
  }

  private var identifiers: TaskIdentifierSource
  /// Every task, in the order of compilation.
  private(set) var tasks: [TaskIdentifier] = []

  /// A compiler that takes identities from `identifiers`.
  init(identifiers: TaskIdentifierSource) { self.identifiers = identifiers }

  /// Compiles one workflow.
  static func compile(_ workflow: Workflow, identifiers: inout TaskIdentifierSource) -> CompiledWorkflow {
    var compiler = WorkflowCompiler(identifiers: identifiers)
    var ends: [TaskIdentifier] = []
    let steps = compiler.steps([workflow], Ending(), &ends)
    identifiers = compiler.identifiers
    let heads = compiler.heads(steps)
    return CompiledWorkflow(heads: heads, ends: ends, isGroup: workflow.isGroup, tasks: compiler.tasks)
  }

  /// Signatures that follow one another; of these only the last may be a group. `ends` gets the tasks whose results are the workflow's.
  private mutating func steps(
    _ parts: [Workflow], _ ending: Ending, _ ends: inout [TaskIdentifier]
  ) -> [Signature] {
    let parts = parts.filter { !$0.isEmpty }
    guard let first = parts.first else { return [] }
    let rest = Array(parts.dropFirst())
    switch first.simple {
    case .chain(let inner): return steps(inner + rest, ending, &ends)
    case .task(let signature):
      let begun = begin(signature)
      guard rest.isEmpty else { return [begun] + steps(rest, ending, &ends) }
      ends += begun.identifier.map { [$0] } ?? []
      return [finish(begun, ending)]
    case .group(let members) where rest.isEmpty: return [group(members, ending, &ends)]
    case .group(let header): return chord(header, rest, ending, &ends)
    case .chord(let header, let body): return chord(header, [body] + rest, ending, &ends)
    }
  }

  /// A group as one step.
  private mutating func group(
    _ members: [Workflow], _ ending: Ending, _ ends: inout [TaskIdentifier]
  ) -> Signature {
    var ending = ending
    // A group that nothing follows has an identity too, which its messages show.
    if ending.group == nil { ending.group = identifiers.next() }
    var signatures: [Signature] = []
    var offset = 0
    for member in members {
      let memberSteps = steps([member], ending.advanced(by: offset), &ends)
      signatures += heads(memberSteps)
      offset += member.resultCount
    }
    return Signature(members: signatures)
  }

  /// A chord as steps: its header, or without members its body.
  private mutating func chord(
    _ header: [Workflow], _ body: [Workflow], _ ending: Ending, _ ends: inout [TaskIdentifier]
  ) -> [Signature] {
    var bodySteps = steps(body, ending, &ends)
    let size = header.reduce(0) { $0 + $1.resultCount }
    guard size > 0 else {
      if !bodySteps.isEmpty { bodySteps[0].give(.group([])) }
      return bodySteps
    }
    let inner = Ending(group: identifiers.next(), size: size, body: heads(bodySteps, asGroup: true))
    var ignored: [TaskIdentifier] = []
    return [group(header, inner, &ignored)]
  }

  /// The signatures to send first, each with the steps behind it.
  private func heads(_ steps: [Signature], asGroup: Bool = false) -> [Signature] {
    guard var first = steps.first else { return [] }
    // A group is the last step always.
    guard first.members.isEmpty else { return asGroup ? [first] : first.members }
    first.chain = Array(steps.dropFirst())
    return [first]
  }

  private mutating func begin(_ signature: Signature) -> Signature {
    var signature = signature
    signature.identify(&identifiers)
    tasks.append(signature.identifier ?? .none)
    return signature
  }

  private func finish(_ signature: Signature, _ ending: Ending) -> Signature {
    guard let group = ending.group else { return signature }
    var signature = signature
    signature.relations.group = group
    signature.relations.groupIndex = UInt32(ending.firstIndex)
    signature.relations.chordSize = ending.body.isEmpty ? nil : UInt32(ending.size)
    signature.chord = ending.body
    return signature
  }
}

/// What a workflow became: signatures with identities that hold what follows them.
public struct CompiledWorkflow: Sendable, Equatable {
  /// To be sent now.
  public let heads: [Signature]
  /// The tasks whose results are the workflow's, in order.
  public let ends: [TaskIdentifier]
  /// Whether these are a list, be it of one.
  public let isGroup: Bool
  /// All tasks, links not included.
  public let tasks: [TaskIdentifier]
}

extension Workflow {
  /// The same as signatures, for who sends workflows without a `TaskApplication`. Signatures that have an identity keep it, the others
  /// and the groups take theirs from `identifiers`. Cost: a few allocations for each task.
  public func compiled(identifiers: inout TaskIdentifierSource) -> CompiledWorkflow {
    WorkflowCompiler.compile(self, identifiers: &identifiers)
  }
}

extension Signature {
  /// Gives every task in it that has none an identity: itself, its links and what they hold.
  mutating func identify(_ identifiers: inout TaskIdentifierSource) {
    identifier = identifier ?? identifiers.next()
    for index in options.link.indices { options.link[index].identify(&identifiers) }
    for index in options.linkError.indices { options.linkError[index].identify(&identifiers) }
  }

  /// Gives it what the tasks before it returned, unless it takes nothing or has been given something.
  mutating func give(_ input: TaskInput) {
    guard members.isEmpty else {
      for index in members.indices { members[index].give(input) }
      return
    }
    if !isImmutable, self.input == nil { self.input = input }
  }
}
