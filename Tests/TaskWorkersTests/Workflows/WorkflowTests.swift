import Distributions
import Serialization
import Testing

@testable import TaskWorkers

/// The canvas, as users of the field's task queues know it.
@Suite struct WorkflowTests {
  private func results(_ workflow: Workflow) throws -> [String?] {
    var world = WorkflowWorld(seed: 1)
    let compiled = try world.run(workflow)
    return world.ends(compiled)
  }

  @Test func aChainHandsEachResultToTheNextTask() throws {
    #expect(try results(.chain("a", "b", "c")) == ["c(b(a))"])
  }

  @Test func chainsInChainsAreOneChain() throws {
    #expect(try results(.chain("a", .chain("b", "c"), "d")) == ["d(c(b(a)))"])
  }

  @Test func anImmutableSignatureGetsNoInput() throws {
    #expect(try results(.chain("a", .task(.named("b", isImmutable: true)), "c")) == ["c(b)"])
  }

  @Test func aGroupRunsSideBySideWithResultsInItsMembersOrder() throws {
    #expect(try results(.group("a", "b", "c")) == ["a", "b", "c"])
  }

  @Test func aChordHandsAllResultsToItsBody() throws {
    #expect(try results(.chord(header: ["a", "b", "c"], body: "d")) == ["d[a,b,c]"])
  }

  @Test func aGroupThatATaskFollowsIsAChord() throws {
    #expect(try results(.chain(.group("a", "b"), "c", "d")) == ["d(c[a,b])"])
    #expect(try results(.chain("x", .group("a", "b"), "c")) == ["c[a(x),b(x)]"])
  }

  @Test func aChainMayEndWithAGroup() throws {
    #expect(try results(.chain("x", .group("a", .chain("b", "c")))) == ["a(x)", "c(b(x))"])
  }

  @Test func groupsInGroupsAreOneGroup() throws {
    #expect(try results(.chord(header: ["a", .group("b", "c")], body: "d")) == ["d[a,b,c]"])
  }

  @Test func chordsMayBeMembersOfChords() throws {
    let inner = Workflow.chord(header: ["a", "b"], body: "c")
    #expect(try results(.chord(header: [inner, "x", .chain("y", "z")], body: "d")) == ["d[c[a,b],x,z(y)]"])
  }

  @Test func aGroupMayFollowAGroup() throws {
    #expect(try results(.chain(.group("a", "b"), .group("c", "d"), "e")) == ["e[c[a,b],d[a,b]]"])
  }

  @Test func aChordWithoutMembersRunsItsBodyWithNothing() throws {
    #expect(try results(.chord(header: [], body: "d")) == ["d[]"])
    #expect(try results(.chain("a", .chord(header: [], body: "d"), "e")) == ["e(d[])"])
  }

  @Test func linksRunWithTheResultOfEveryTaskThatTheyAreLinkedTo() throws {
    var world = WorkflowWorld(seed: 1)
    try world.run(Workflow.group("a", .chain("b", "c")).linking(.named("note")))
    #expect(world.ran.filter { $0 == "note" }.count == 2)
    #expect(Set(world.results.values).isSuperset(of: ["note(a)", "note(c(b))"]))
  }

  @Test func onlyTheErrbackRunsWhenATaskFails() throws {
    var world = WorkflowWorld(seed: 1)
    world.failing = ["a"]
    let task = Workflow.task(.named("a")).linking(.named("note")).linkingError(.named("mourn"))
    let compiled = try world.run(task)
    #expect(world.ran == ["a", "mourn"])
    #expect(world.failures[compiled.ends[0]]?.description == "ValueError: a is bad")
  }

  @Test func anErrbackGetsTheFailure() throws {
    let task = TaskIdentifier(high: 1, low: 2)
    let failure = TaskFailure(task: task, name: "a", typeName: "ValueError", text: "bad")
    var message = TaskMessage("a", identifier: task, arguments: Signature.named("a").arguments)
    message.errbacks = [.named("mourn")]
    message.correlation = 5
    message.replyTo = 6
    var desk = WorkflowDesk(identifiers: TaskIdentifierSource(seed: 1))
    let consequences = desk.consequences(of: message, .failure(failure), now: 0)
    #expect(consequences.messages.map(\.input) == [.single(TaskInput.Part(failure, .raw))])
    #expect(consequences.messages.map(\.relations.parent) == [task])
    #expect(consequences.messages.map { [$0.correlation, $0.replyTo] } == [[5, 6]])
  }

  /// Whoever accepts the errback's arguments accepts that.
  @Test func aFailureIsSerializedAsItsErrbacksArgumentsAre() {
    let task = TaskIdentifier(high: 1, low: 2)
    let failure = TaskFailure(task: task, name: "a", typeName: "ValueError", text: "bad")
    var message = TaskMessage("a", identifier: task, arguments: Signature.named("a").arguments)
    let signatures = Serializer.allCases.map { Signature("mourn", arguments: SerializedBytes([], serializer: $0)) }
    message.errbacks = [Signature(members: signatures)]
    var desk = WorkflowDesk(identifiers: TaskIdentifierSource(seed: 1))
    let consequences = desk.consequences(of: message, .failure(failure), now: 0)
    #expect(
      consequences.messages.map { $0.input?.parts.map(\.serializerCode) } == Serializer.allCases.map { [$0.code] })
  }

  @Test func theTasksBehindAFailedOneEndWithItsError() throws {
    var world = WorkflowWorld(seed: 1)
    world.failing = ["b"]
    let compiled = try world.run(.chain("a", "b", "c", .group("d", "e"), "f"))
    #expect(world.ran == ["a", "b"])
    #expect(world.failures.count == 5)
    #expect(world.failures[compiled.ends[0]]?.typeName == "ChordError")
    #expect(world.failures.values.filter { $0.typeName == "ValueError" }.count == 4)
  }

  @Test func aFailedMemberFailsItsChordAndCallsTheBodysErrbackOnce() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var world = WorkflowWorld(seed: seed)
      world.failing = ["b", "c"]
      let chord = Workflow.chord(header: ["a", "b", "c"], body: .chain("d", "e")).linkingError(.named("mourn"))
      let compiled = try world.run(.chain(chord, "f"))
      #expect(Set(world.ran) == ["a", "b", "c", "mourn"])
      #expect(world.ran.filter { $0 == "mourn" }.count == 1)
      let failure = try #require(world.failures[compiled.ends[0]])
      #expect(failure.typeName == "ChordError")
      #expect(failure.text.contains("ValueError"))
    }
  }

  @Test func aFailureInAnInnerChordReachesTheOuterOne() throws {
    var world = WorkflowWorld(seed: 1)
    world.failing = ["a"]
    let inner = Workflow.chord(header: ["a", "b"], body: "c")
    let compiled = try world.run(.chord(header: [inner, "x"], body: "d"))
    #expect(world.failures[compiled.ends[0]]?.typeName == "ChordError")
    #expect(!world.ran.contains("c") && !world.ran.contains("d"))
  }

  @Test func everyTaskKnowsItsRootAndItsParent() throws {
    var identifiers = TaskIdentifierSource(seed: 1)
    let compiled = WorkflowCompiler.compile(.chain("a", "b"), identifiers: &identifiers)
    let first = compiled.heads[0].message(identifier: .none, now: 0)
    var desk = WorkflowDesk(identifiers: identifiers)
    let result = Signature.named("a").arguments
    let second = try #require(desk.consequences(of: first, .success(result), now: 0).messages.first)
    #expect(first.relations.root == compiled.tasks[0] && first.relations.parent == nil)
    #expect(second.relations.root == compiled.tasks[0] && second.relations.parent == compiled.tasks[0])
    #expect(second.identifier == compiled.tasks[1])
  }
}
