import Histograms
import Platform
import ResultModel
import Testing

@testable import LoadEngine

/// The probes return something believable soon. How fast a machine is, no test says.
@Suite(.serialized) struct ProbeTests {
  @Test func theLineProbeReadsWhateverTheMachineIs() {
    let reading = LineTransferProbe.measure(roundTrips: 2000)
    guard CPUTopology.coreCount > 1 else {
      #expect(reading == nil)
      return
    }
    #expect(reading?.p50Nanoseconds ?? 0 > 0)
    #expect(reading?.p99Nanoseconds ?? 0 >= reading?.p50Nanoseconds ?? 1)
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

  @Test func theMachineKeyIsStable() {
    let first = HostInspection.inspect()
    let second = HostInspection.inspect()
    #expect(first.machineKey == second.machineKey)
    #expect(first.environment.machineKey == first.machineKey)
    #expect(first.clock.readCostNanoseconds > 0)
  }
}
