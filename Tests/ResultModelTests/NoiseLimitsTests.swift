import ResultModel
import Testing

@Suite struct NoiseLimitsTests {
  private func noise(_ set: (inout NoiseInformation) -> Void) -> NoiseInformation {
    var noise = NoiseInformation()
    (noise.aaCPUVariation, noise.aaCPUVariationAfter) = (0.01, 0.01)
    (noise.aaMemoryVariation, noise.aaMemoryVariationAfter) = (0.05, 0.05)
    (noise.stealPercent, noise.pressureCPUSomePercent) = (0, 0)
    set(&noise)
    return noise
  }

  @Test func quietMachineExceedsNothing() {
    #expect(NoiseLimits().excesses(in: noise { _ in }).isEmpty)
    #expect(NoiseLimits().excesses(in: NoiseInformation()).isEmpty, "what was not measured is not judged")
  }

  @Test func eachFigureHasALimitOfItsOwn() {
    let changes: [(String, (inout NoiseInformation) -> Void)] = [
      ("computation varied by 6.00 % (limit 5.00 %)", { $0.aaCPUVariation = 0.06 }),
      ("computation varied by 7.00 % (limit 5.00 %)", { $0.aaCPUVariationAfter = 0.07 }),
      ("memory varied by 21.0 % (limit 20.0 %)", { $0.aaMemoryVariation = 0.21 }),
      ("memory varied by 22.0 % (limit 20.0 %)", { $0.aaMemoryVariationAfter = 0.22 }),
      ("hypervisor took 1.50 % (limit 1.00 %)", { $0.stealPercent = 1.5 }),
      ("waited for a core 12.0 % (limit 10.0 %)", { $0.pressureCPUSomePercent = 12 }),
    ]
    for (words, change) in changes {
      let excesses = NoiseLimits().excesses(in: noise(change))
      #expect(excesses.count == 1)
      #expect(excesses.first?.contains(words) == true, "\(excesses)")
    }
  }

  @Test func finerQuestionsNeedAQuieterMachine() {
    let measured = noise { $0.stealPercent = 0.3 }
    #expect(NoiseLimits(precision: 0.05).excesses(in: measured).isEmpty)
    #expect(NoiseLimits(precision: 0.01).excesses(in: measured).count == 2, "memory and steal")
  }
}
