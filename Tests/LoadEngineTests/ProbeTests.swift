import Histograms
import Platform
import ResultModel
import Testing

@testable import LoadEngine

/// The probes return something believable soon. How fast a machine is, no test says.
@Suite(.serialized) struct ProbeTests {
  @Test func theLineProbeReadsWhateverTheMachineIs() {
    var reading = LineTransferProbe.measure(roundTrips: 2000)
    guard CPUTopology.coreCount > 1 else {
      #expect(reading == nil)
      return
    }
    // A busy machine may keep the two threads apart for a while, but not for ever.
    for _ in 0..<50 where reading == nil { reading = LineTransferProbe.measure(roundTrips: 2000) }
    #expect(reading?.p50Nanoseconds ?? 0 > 0)
    #expect(reading?.p99Nanoseconds ?? 0 >= reading?.p50Nanoseconds ?? 1)
  }

  /// A cache line was once said to take 40.4 ms.
  @Test func theSchedulersPaceIsNoLineTransfer() {
    #expect(LineTransferProbe.reading(of: [100, 110, 40_400_000])?.p50Nanoseconds == 110)
    #expect(LineTransferProbe.reading(of: [100, 40_400_000, 40_400_000]) == nil)
    #expect(LineTransferProbe.reading(of: []) == nil)
  }

  @Test func nearMeansBelowEightyNanoseconds() {
    #expect(LineTransferProbe.Reading(p50Nanoseconds: 79, p99Nanoseconds: 500).isNear)
    #expect(!LineTransferProbe.Reading(p50Nanoseconds: 80, p99Nanoseconds: 90).isNear)
  }

  @Test func theHiccupMeterRecordsUntilItIsStopped() throws {
    let meter = try HiccupMeter(periodNanoseconds: 100_000)
    // A timer of any machine fires at last: this waits for it, however late.
    while meter.snapshot().count < 3 { PrecisionSleep.sleep(nanoseconds: 200_000) }
    meter.stop()
    let recorded = meter.snapshot()
    #expect(recorded.count >= 3)
    #expect(recorded.max >= recorded.min)
    meter.stop()
    #expect(meter.snapshot() == recorded, "nothing is recorded after the stop, and a second stop does nothing")
  }

  @Test func theNoiseProbeComparesEqualWork() {
    let reading = NoiseProbe.measure(repetitions: 2)
    #expect(reading.cpuVariation >= 0 && reading.cpuVariation.isFinite)
    #expect(reading.memoryVariation >= 0 && reading.memoryVariation.isFinite)
  }

  @Test func theHostIsSeenBeforeAndAfter() {
    let environment = HostWatch(probesNoise: true).finish(hiccup: nil, hiccupMax: nil)
    let noise = environment.noise
    for variation in [
      noise?.aaCPUVariation, noise?.aaCPUVariationAfter, noise?.aaMemoryVariation, noise?.aaMemoryVariationAfter,
    ] {
      #expect(variation.map { $0 >= 0 && $0.isFinite } == true)
    }
    if CPUTopology.coreCount < 2 { #expect(environment.lineTransferAfter == nil) }
    #expect(noise?.hiccupP99Nanoseconds == nil)
    let unprobed = HostWatch(probesNoise: false).finish(hiccup: nil, hiccupMax: 7)
    #expect(unprobed.noise?.aaCPUVariation == nil)
    #expect(unprobed.lineTransferAfter == nil)
    #expect(unprobed.noise?.hiccupMaxNanoseconds == 7)
  }

  @Test func aNoisyHostIsWarnedOfAndAQuietOneIsNot() throws {
    var noise = NoiseInformation()
    #expect(RunEnvironment.verdict(on: noise, limits: NoiseLimits()) == nil, "not measured")
    noise.aaCPUVariation = 0.04
    #expect(RunEnvironment.verdict(on: noise, limits: NoiseLimits())?.ok == true)
    let verdict = try #require(RunEnvironment.verdict(on: noise, limits: NoiseLimits(precision: 0.02)))
    #expect(!verdict.ok)
    #expect(verdict.severity == .warn)
    #expect(verdict.kind == .environment)
    #expect(verdict.detail?.contains("4.00 % (limit 2.00 %)") == true, "\(verdict)")
  }

  @Test func theMachineKeyIsOfStableFactsOnly() {
    var facts = HostFacts.read()
    (facts.kernel, facts.memoryByteCount) = ("6.1.0-18-amd64", 8_300_000_000)
    let key = HostInspection.machineKey(of: facts)
    var alike = facts
    (alike.governor, alike.clockSource, alike.operatingSystem) = ("powersave", "hpet", "another")
    (alike.kernel, alike.memoryByteCount) = ("6.1.0-20-amd64", 8_310_000_000)
    #expect(HostInspection.machineKey(of: alike) == key)
    let changes: [(inout HostFacts) -> Void] = [
      { $0.kernel = "6.6.1" }, { $0.memoryByteCount *= 2 }, { $0.cpuModel += "X" }, { $0.coreCount += 1 },
      { $0.l2ByteCount = 1 }, { $0.hypervisor = "another" },
    ]
    for change in changes {
      var other = facts
      change(&other)
      #expect(HostInspection.machineKey(of: other) != key)
    }
  }

  @Test func memoryIsRoundedUpToAPowerOfTwo() {
    #expect([1, 1 << 30, 7_900_000_000, 8 << 30, 9 << 30].map(HostInspection.memoryClass) == [1, 1, 8, 8, 16])
  }

  @Test func theMachineKeyIsStable() {
    let first = HostInspection.inspect()
    let second = HostInspection.inspect()
    #expect(first.machineKey == second.machineKey)
    #expect(first.environment.machineKey == first.machineKey)
    #expect(first.clock.readCostNanoseconds > 0)
  }
}
