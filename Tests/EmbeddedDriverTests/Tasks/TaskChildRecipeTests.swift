import Distributions
import Histograms
import Platform
import Serialization
import Testing
import WorkloadLoops

@testable import EmbeddedDriver

@Suite struct TaskChildRecipeTests {
  private static func plan() -> (WorkloadPlan, WorkloadPlan.TaskPlan) {
    var kinds = (0..<4).map { WorkloadPlan.TaskPlan.Kind(name: "task \($0)") }
    kinds[0].busy = .fibonacci(20)
    kinds[1].busy = .touch
    kinds[1].serviceTime = .exponential(mean: 20_000)
    kinds[2].busy = .sleep
    kinds[2].softTimeLimitNanoseconds = 5_000_000
    kinds[2].serviceTime = .chosen([(5, 0.25), (7, 0.75)])
    kinds[3].failingShare = 0.3
    kinds[3].retryLimit = 4
    let tasks = WorkloadPlan.TaskPlan(pool: .processes, kinds: kinds)
    var plan = EmbeddedSubjectTests.plan(.tasks(tasks), payload: 640)
    plan.seed = 77
    plan.producers[0].payloadSizes = .uniform(64...640)
    plan.producers[0].encoding = PayloadEncoding(shape: .record, serializer: .cbor, compression: .lz4)
    plan.checksSizes = false
    return (plan, tasks)
  }

  @Test func aChildReadsWhatItsParentWrote() throws {
    let (plan, tasks) = Self.plan()
    var words = TaskChildRecipe(plan, tasks).words
    let recipe = try TaskChildRecipe(from: &words, time: CycleCounter.shared)
    #expect(recipe.kinds == tasks.kinds)
    #expect(recipe.plan.seed == 77 && recipe.plan.checksPayload == plan.checksPayload && !recipe.plan.checksSizes)
    #expect(recipe.plan.encodings == plan.encodings)
    #expect(recipe.plan.histogramLayout == plan.histogramLayout)
    #expect(recipe.plan.producers.map(\.sizes) == plan.producers.map(\.sizes))
    #expect(recipe.plan.largestBodyByteCount == plan.largestBodyByteCount)
  }

  @Test func whatIsCutOffIsNoRecipe() {
    let (plan, tasks) = Self.plan()
    let bytes = TaskChildRecipe(plan, tasks).words.bytes
    for count in bytes.indices {
      var words = PeerWords(bytes.prefix(count))
      #expect(throws: PeerMessageError.self) { try TaskChildRecipe(from: &words, time: CycleCounter.shared) }
    }
  }

  @Test func theMemoryOfChildrenCarriesTheRecipeAndWhatTheyCount() throws {
    let (plan, tasks) = Self.plan()
    let written = TaskChildRecipe(plan, tasks)
    let memory = try TaskChildMemory(written)
    let other = TaskChildMemory(
      attaching: memory.memory)
    #expect(try other.recipe(time: CycleCounter.shared).kinds == tasks.kinds)
    other.decodeTime(try other.recipe(time: CycleCounter.shared))?.recordShared(700)
    let samples = memory.decodeTime(written)?.snapshot()
    #expect(samples?.count == 1 && samples?.max == 700)
    other.tally.noteBeginning()
    #expect(memory.tally.begunCount == 1 && memory.tally.damagedCount == 0)
    let empty = TaskChildMemory(attaching: try SharedMemory(byteCount: 64))
    #expect(throws: PeerMessageError.self) { try empty.recipe(time: CycleCounter.shared) }
  }
}
