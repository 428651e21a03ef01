import Testing

@testable import TaskWorkers

/// Workflows of typed tasks from the call to the result.
@Suite struct ApplicationWorkflowTests {
  private let soon = Duration.milliseconds(1)

  private func add(_ x: Int, _ y: Int) throws -> Workflow { .task(try Add(x: x, y: y).signature()) }
  private func multiply(_ by: Int) throws -> Workflow { .task(try Multiply(by: by).signature()) }

  @Test func chainsHandResultsOn() throws {
    let world = try ApplicationWorld()
    let result = try world.application.apply(.chain(try add(2, 2), try multiply(8), try multiply(10)), as: Int.self)
    world.run()
    #expect(try result.get(timeout: soon) == 320)
    #expect(result.parents.map { result.state(of: $0) } == [.success, .success])
    #expect(try result.sibling(result.parents[0], as: Int.self).get(timeout: soon) == 32)
  }

  @Test func aTaskWhoseResultNobodyWantsHandsOnWhereTheLastOneGoes() throws {
    let world = try ApplicationWorld()
    let first = Workflow.task(try Add(x: 2, y: 2).signature(ApplyOptions { $0.ignoreResult = true }))
    let result = try world.application.apply(.chain(first, try multiply(8)), as: Int.self)
    world.run()
    #expect(try result.get(timeout: soon) == 32)
  }

  /// The result fits into a message, the next task with it does not.
  @Test func aFollowerTooLargeToBeSentFailsForItsWaiterAndForWhatFollows() throws {
    let world = try ApplicationWorld()
    let chain = Workflow.chain(
      .task(try Fill(count: TaskEnvelope.byteCountLimit - 120).signature()), .task(try Measure().signature()),
      try multiply(2))
    let result = try world.application.apply(chain, as: Int.self)
    world.run()
    #expect(result.state(of: result.parents[1]) == .success)
    #expect(result.state(of: result.parents[0]) == .failure)
    do {
      _ = try result.get(timeout: soon)
      Issue.record("the chain went on")
    } catch {
      #expect(error.failure != nil, "it timed out")
    }
  }

  @Test func groupsReturnListsInTheirOrder() throws {
    let world = try ApplicationWorld()
    let result = try world.application.applyGroup(.group(try (0..<5).map { try add($0, $0) }), as: Int.self)
    #expect(!result.isReady && result.completedCount == 0)
    world.run()
    #expect(result.isReady && result.isSuccessful && !result.hasFailed && result.completedCount == 5)
    #expect(try result.get(timeout: soon) == [0, 2, 4, 6, 8])
  }

  @Test func aGroupShowsWhichMembersFailed() throws {
    let world = try ApplicationWorld()
    let broken = Workflow.task(try Break(text: "bad").signature())
    let result = try world.application.applyGroup(.group(try add(1, 1), broken), as: Int.self)
    world.run()
    #expect(result.states == [.success, .failure] && result.hasFailed)
    #expect(throws: TaskResultError.self) { try result.get(timeout: soon) }
  }

  @Test func chordsCollectAndGoOn() throws {
    let world = try ApplicationWorld()
    let total = Workflow.task(try Total().signature())
    let chord = Workflow.chord(header: try (1...10).map { try add($0, 0) }, body: total)
    let result = try world.application.apply(.chain(chord, try multiply(2)), as: Int.self)
    world.run()
    #expect(try result.get(timeout: soon) == 110)
  }

  @Test func aChordsWaiterHearsOfItsFailedMember() throws {
    let world = try ApplicationWorld()
    let broken = Workflow.task(try Break(text: "bad").signature())
    let body = Workflow.task(try Total().signature()).linkingError(try Mourn().signature())
    let result = try world.application.apply(.chord(header: [try add(1, 1), broken], body: body), as: Int.self)
    world.run()
    do {
      _ = try result.get(timeout: soon)
      Issue.record("the chord succeeded")
    } catch {
      #expect(error.failure?.typeName == "ChordError")
      #expect(error.failure?.text.contains("ValueError: bad") == true)
    }
    let errback = result.sibling(result.children[0], as: String.self)
    #expect(try errback.get(timeout: soon).hasPrefix("ChordError: "))
  }

  @Test func membersThatAreTriedAgainCountOnce() throws {
    let world = try ApplicationWorld()
    let late = Workflow.task(try Break(text: "later").signature())
    let body = Workflow.task(try Total().signature())
    let result = try world.application.apply(.chord(header: [try add(1, 1), late], body: body), as: Int.self)
    world.run()
    for _ in 0..<3 { world.wait(.seconds(3)) }
    #expect(try result.get(timeout: soon) == 4)
  }

  @Test func linksAndErrbacksAreChildren() throws {
    let world = try ApplicationWorld()
    let options = ApplyOptions {
      $0.link = [(try? Multiply(by: 3).signature())].compactMap(\.self)
    }
    let sum = try world.application.apply(Add(x: 1, y: 1), options)
    world.run()
    #expect(sum.children.count == 1)
    #expect(try sum.sibling(sum.children[0], as: Int.self).get(timeout: soon) == 6)
    let failing = ApplyOptions { $0.linkError = [(try? Mourn().signature())].compactMap(\.self) }
    let broken = try world.application.apply(Break(text: "bad"), failing)
    world.run()
    #expect(try broken.sibling(broken.children[0], as: String.self).get(timeout: soon) == "ValueError: bad")
  }

  @Test func immutableSignaturesTakeNothing() throws {
    let world = try ApplicationWorld()
    var plain = try Plain().signature()
    #expect(try take(world, .chain(try add(1, 1), .task(plain))) == 2)
    plain.isImmutable = true
    #expect(try take(world, .chain(try add(1, 1), .task(plain))) == -1)
  }

  @Test func mapDoesOneTaskOverManyArguments() throws {
    let world = try ApplicationWorld()
    let sums = MappedTask((1...4).map { Add(x: $0, y: 1) })
    let total = Workflow.task(try Total().signature())
    #expect(try take(world, .chain(.task(try sums.signature()), total)) == 14)
    let list = try world.application.delay(sums)
    world.run()
    #expect(try list.get(timeout: soon) == [2, 3, 4, 5])
  }

  @Test func aRevokedTaskEndsWhatFollowsIt() throws {
    let world = try ApplicationWorld()
    let result = try world.application.apply(.chain(try add(1, 1), try multiply(2)), as: Int.self)
    world.revoke(result.parents[0])
    world.run()
    #expect(result.state(of: result.parents[0]) == .revoked && result.state == .failure)
  }

  private func take(_ world: ApplicationWorld, _ workflow: Workflow) throws -> Int {
    let result = try world.application.apply(workflow, as: Int.self)
    world.run()
    return try result.get(timeout: soon)
  }
}
