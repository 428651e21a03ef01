import Distributions
import Testing

@testable import TaskWorkers

/// Random workflows against their evaluation by definition, in random orders of execution.
@Suite struct RandomWorkflowTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func everyWorkflowEndsAsItsDefinitionSays(seed: UInt64) throws {
    for round in 0..<25 as Range<UInt64> {
      var generator = WorkflowGenerator(seed: seed &* 1000 &+ round)
      let workflow = generator.workflow(depth: 4)
      var world = WorkflowWorld(seed: seed &+ round)
      let compiled = try world.run(workflow)
      let expected = WorkflowModel.evaluate(workflow)?.all ?? []
      #expect(world.ends(compiled) == expected, "seed \(seed), round \(round): \(workflow)")
      #expect(compiled.ends.count == workflow.resultCount)
      #expect(world.ran.count == compiled.tasks.count)
      #expect(world.desk.openChordCount == 0)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func redeliveredTasksSendNoBodyTwice(seed: UInt64) throws {
    for round in 0..<25 as Range<UInt64> {
      var generator = WorkflowGenerator(seed: seed &* 999 &+ round)
      var members = [Workflow]()
      for _ in 0..<4 { members.append(generator.workflow(depth: 2)) }
      var world = WorkflowWorld(seed: seed &+ round)
      world.repeats = true
      let workflow = Workflow.chord(header: members, body: "body")
      let compiled = try world.run(workflow)
      #expect(world.ends(compiled) == WorkflowModel.evaluate(workflow)?.all, "seed \(seed), round \(round)")
      // Without members the body is sent by the application.
      #expect(world.sentCount[compiled.ends[0], default: 1] == 1, "seed \(seed), round \(round)")
    }
  }

  /// Nobody waits for ever: whatever fails, every task of the workflow ends, and runs only if all before it succeeded.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func everyTaskEndsWhateverFails(seed: UInt64) throws {
    for round in 0..<25 as Range<UInt64> {
      var generator = WorkflowGenerator(seed: seed &* 998 &+ round)
      let workflow = generator.workflow(depth: 4)
      var world = WorkflowWorld(seed: seed &+ round)
      world.failing = Set(generator.names.filter { _ in generator.random.next() % 5 == 0 })
      let compiled = try world.run(workflow)
      for task in compiled.tasks {
        #expect(
          (world.results[task] == nil) != (world.failures[task] == nil), "seed \(seed), round \(round): \(workflow)")
      }
      #expect(world.desk.openChordCount == 0)
    }
  }
}

/// Draws workflows whose tasks all have names of their own.
struct WorkflowGenerator {
  var random: SplitMix64
  private(set) var names: [String] = []

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func workflow(depth: Int) -> Workflow {
    let kind = depth == 0 ? 0 : random.next() % 6
    switch kind {
    case 0, 1, 2:
      names.append("t\(names.count)")
      return .task(.named(names[names.count - 1], isImmutable: random.next() % 8 == 0))
    case 3: return .chain(parts(depth))
    case 4: return .group(parts(depth))
    default: return .chord(header: parts(depth), body: workflow(depth: depth - 1))
    }
  }

  private mutating func parts(_ depth: Int) -> [Workflow] {
    (0..<(random.next() % 4)).map { _ in workflow(depth: depth - 1) }
  }
}
