/// How tasks follow one another: the field's canvas, as a value.
///
/// - In a `chain` each task runs when the one before has succeeded, and gets its result as input.
/// - The tasks of a `group` run side by side. The results are a list in the order of the members.
/// - In a `chord` the body runs when all of the header have succeeded, and gets their results as a list.
///
/// A task gets the input that its type asks for: a `TaskWithInput` what came before it, any other nothing, in a chain too.
/// A signature that is immutable (`Signature.isImmutable`, the field's `si`) gets no input. Anything may be in anything: a chain is
/// spliced into the chain around it, a group into the group around it, and a group that something follows in a chain is a chord.
public indirect enum Workflow: Sendable, Equatable {
  /// One task.
  case task(Signature)
  /// One after the other.
  case chain([Workflow])
  /// Side by side.
  case group([Workflow])
  /// Side by side, and then the body.
  case chord(header: [Workflow], body: Workflow)

  /// One after the other.
  public static func chain(_ steps: Workflow...) -> Workflow { .chain(steps) }
  /// Side by side.
  public static func group(_ members: Workflow...) -> Workflow { .group(members) }

  /// The same, with `callback` sent when it has succeeded: after each member of a group, after the last task of anything else.
  public func linking(_ callback: Signature) -> Workflow {
    switch self {
    case .task(var signature):
      signature.options.link.append(callback)
      return .task(signature)
    case .chain(let steps):
      guard let last = steps.last else { return self }
      return .chain(steps.dropLast() + [last.linking(callback)])
    case .group(let members): return .group(members.map { $0.linking(callback) })
    case .chord(let header, let body): return .chord(header: header, body: body.linking(callback))
    }
  }

  /// The same, with `errback` sent when one of its tasks fails; of a chord, when its body fails or cannot run.
  public func linkingError(_ errback: Signature) -> Workflow {
    switch self {
    case .task(var signature):
      signature.options.linkError.append(errback)
      return .task(signature)
    case .chain(let steps): return .chain(steps.map { $0.linkingError(errback) })
    case .group(let members): return .group(members.map { $0.linkingError(errback) })
    case .chord(let header, let body): return .chord(header: header, body: body.linkingError(errback))
    }
  }

  /// How many results it has: of a group one for each member, else one.
  public var resultCount: Int {
    switch simple {
    case .task: 1
    case .chain(let steps): steps.last(where: { !$0.isEmpty })?.resultCount ?? 0
    case .group(let members): members.reduce(0) { $0 + $1.resultCount }
    case .chord(_, let body): body.resultCount
    }
  }

  /// Whether there is no task in it.
  var isEmpty: Bool {
    switch self {
    case .task: false
    case .chain(let parts), .group(let parts): parts.allSatisfy(\.isEmpty)
    case .chord(let header, let body): body.isEmpty && header.allSatisfy(\.isEmpty)
    }
  }

  /// Whether its results are a list.
  var isGroup: Bool {
    switch simple {
    case .task: false
    case .chain(let steps): steps.last(where: { !$0.isEmpty })?.isGroup ?? false
    case .group: true
    case .chord(_, let body): body.isGroup
    }
  }

  /// The same, but a chord without a body is the group that it is.
  var simple: Workflow {
    if case .chord(let header, let body) = self, body.isEmpty { return .group(header) }
    return self
  }
}
