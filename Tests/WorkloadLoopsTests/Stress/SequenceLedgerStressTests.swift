import Distributions
import Platform
import Synchronization
import Testing

@testable import WorkloadLoops

@Suite(.serialized) struct SequenceLedgerStressTests {
  /// Two threads take numbers out of a nearly sorted sequence in turns; every 50th is lost, every 77th doubled. With a
  /// window of 1024 both keep taking words over from one another.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func twoThreadsAgreeOnWhatArrived(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count: UInt64 = 15_000
    let lost = (0..<count).filter { $0 % 50 == 17 }
    var numbers = (0..<count).filter { $0 % 50 != 17 }
    let doubled = numbers.filter { $0 % 77 == 0 }
    numbers += doubled
    numbers = numbers.map { (key: $0 + .random(in: 0..<1500, using: &random), number: $0) }
      .sorted { $0.key < $1.key }.map(\.number)
    let sequence = numbers
    let ledger = SequenceLedger.short(isShared: true)
    let next = Atomic<Int>(0)
    let newCount = Atomic<Int>(0)
    let repeatedCount = Atomic<Int>(0)
    let threads = try (0..<2).map { index in
      try PinnedThread(name: "consumer \(index)", core: CPUTopology.core(forThread: index)) {
        while true {
          let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard position < sequence.count else { return }
          let receipt = ledger.record(stream: 0, first: sequence[position], count: 1)
          newCount.wrappingAdd(receipt.newCount, ordering: .relaxed)
          repeatedCount.wrappingAdd(receipt.repeatedCount, ordering: .relaxed)
        }
      }
    }
    threads.forEach { $0.join() }
    let (found, repeated) = (newCount.load(ordering: .relaxed), repeatedCount.load(ordering: .relaxed))
    #expect(found == Int(count) - lost.count, "seed \(seed)")
    #expect(repeated == doubled.count, "seed \(seed)")
    let missing = ledger.missing(stream: 0, acceptedCount: count, limit: .max)
    #expect(missing.map(\.sequence) == lost, "seed \(seed)")
  }
}
