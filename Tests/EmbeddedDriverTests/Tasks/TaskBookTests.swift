import Serialization
import TaskWorkers
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

/// What a client keeps about its requests, and what its tasks are called.
@Suite struct TaskBookTests {
  @Test func anIdentitySaysWhichTaskItIs() {
    for stream in [0, 1, 65_535] {
      for sequence in [0, 1, 0xFFFF, 0x1_0000, 0xFFFF_FFFF_FFFF] as [UInt64] {
        for (kind, member) in [(0, 0), (1, 2), (BookedTask.kindLimit - 1, BookedTask.memberLimit - 1)] {
          let task = BookedTask(SequenceNumber(stream: stream, sequence: sequence), kind: kind, member: member)
          let identifier = task.identifier(salt: 0xDEAD_BEEF)
          #expect(BookedTask(identifier) == task)
          let text = "\(identifier)"
          #expect(Array(text)[14] == "8" && "89ab".contains(Array(text)[19]), "\(text)")
        }
      }
    }
  }

  private static func plan() -> WorkloadPlan.TaskPlan {
    let names = ["a", "b", "chain", "group", "chord", "nested"]
    var kinds = names.map { WorkloadPlan.TaskPlan.Kind(name: $0) }
    kinds[2].workflow = .chain([0, 1])
    kinds[3].workflow = .group([2, 0, 2])
    kinds[4].workflow = .chord(header: [3, 1], body: 2)
    kinds[5].workflow = .chain([0, 3, 1, 4])
    return WorkloadPlan.TaskPlan(kinds: kinds)
  }

  /// The compiler of workflows is the judge of what ends them, and of how many tasks there are.
  @Test(arguments: 0..<6)
  func aRecipeAgreesWithTheCompiler(kind: Int) {
    let plan = Self.plan()
    let recipe = WorkflowRecipe(kind, of: plan)
    var identifiers = TaskIdentifierSource(seed: 1)
    let compiled = recipe.workflow { member in
      var signature = Signature(
        plan.kinds[recipe.kinds[member]].name, arguments: SerializedBytes([], serializer: .raw))
      signature.identifier = BookedTask(SequenceNumber(stream: 0, sequence: 7), kind: kind, member: member)
        .identifier(salt: 1)
      return signature
    }.compiled(identifiers: &identifiers)
    #expect(compiled.ends.map { BookedTask($0).member } == recipe.ends)
    #expect(Set(compiled.tasks.map { BookedTask($0).member }) == Set(recipe.kinds.indices))
  }

  @Test func inputsAreTheResultsOfWhatWasBefore() {
    let recipe = WorkflowRecipe(5, of: Self.plan())
    // a, then (a b, a, a b) side by side, then b with three, then the chord: (a b, a, a b, b) with one each, and a b with four.
    #expect(recipe.kinds == [0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1])
    #expect(recipe.inputCounts == [0, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 4, 1])
    #expect(recipe.ends == [14])
  }

  @Test func aRequestIsCompleteWithItsLastResultAndEntry() {
    var requests = OpenRequests(limit: 4, memberCount: 3)
    requests.open(5, kind: 0, resultCount: 1, entryCount: 3, sent: 100)
    #expect(requests.take(entryOf: 0, of: 5, .succeeded, isLast: false, at: 1) == .waiting)
    #expect(requests.take(entryOf: 1, of: 5, .succeeded, isLast: false, at: 2) == .waiting)
    #expect(requests.quietCount == 0)
    #expect(requests.take(resultOf: 2, of: 5, .failed, at: 150) == .waiting)
    #expect(requests.quietCount == 1)
    #expect(requests.take(entryOf: 1, of: 5, .succeeded, isLast: false, at: 3) == .repeated)
    #expect(requests.take(entryOf: 2, of: 5, .succeeded, isLast: false, at: 3) == .complete)
    #expect(requests.quietCount == 0)
    #expect(requests[5]?.ending == .failed && requests[5]?.completed == 150 && requests[5]?.sent == 100)
    #expect(requests.take(resultOf: 2, of: 5, .succeeded, at: 151) == .repeated)
    #expect(requests.take(entryOf: 0, of: 9, .succeeded, isLast: false, at: 4) == .unknown)
  }

  @Test func aTaskWithoutAResultEndsWithItsEntry() {
    var requests = OpenRequests(limit: 4, memberCount: 1)
    requests.open(1, kind: 0, resultCount: 0, entryCount: 1, sent: 1)
    #expect(requests.quietCount == 1)
    #expect(requests.take(entryOf: 0, of: 1, .expired, isLast: true, at: 77) == .complete)
    #expect(requests[1]?.completed == 77 && requests[1]?.ending == .expired && requests.quietCount == 0)
  }

  @Test func aRequestWhosePlaceIsTakenIsForgotten() {
    var requests = OpenRequests(limit: 2, memberCount: 70)
    requests.open(1, kind: 0, resultCount: 0, entryCount: 70, sent: 1)
    #expect(requests.take(entryOf: 69, of: 1, .succeeded, isLast: false, at: 1) == .waiting)
    requests.open(3, kind: 0, resultCount: 0, entryCount: 70, sent: 2)
    #expect(requests.quietCount == 1 && requests[1] == nil)
    #expect(requests.take(entryOf: 1, of: 1, .succeeded, isLast: false, at: 1) == .unknown)
    #expect(requests.take(entryOf: 69, of: 3, .succeeded, isLast: false, at: 1) == .waiting)
    requests.close(3)
    #expect(requests.quietCount == 0)
  }
}
