import Histograms
import Platform
import Testing

@testable import WorkloadLoops

/// What one process counts, records and enters lies where another one looks.
@Suite struct BorrowedMemoryTests {
  @Test func metersInTheSameMemoryAreTheSame() throws {
    let layout = HistogramLayout.latency
    let memory = try SharedMemory(byteCount: 256 + WorkerMeters.byteCount(layout: layout))
    let near = WorkerMeters(layout: layout, in: memory.from(256))
    near.beginPhase()
    #expect(near.latency.snapshot().isEmpty)
    let far = WorkerMeters(layout: layout, in: memory.from(256))
    far.add(3, to: .received)
    far.latency.makeWriter().record(700)
    far.serviceTime.makeWriter().record(60_000_000_000)
    #expect(near.value(of: .received) == 3)
    #expect(near.latency.snapshot().max == 700 && near.latency.snapshot().count == 1)
    #expect(near.serviceTime.snapshot().count == 1)
    #expect(near.sendDelay.snapshot().isEmpty)
    near.beginPhase()
    #expect(far.value(of: .received) == 0 && far.latency.snapshot().isEmpty && far.serviceTime.snapshot().isEmpty)
  }

  /// What lies before and behind the meters stays as it is.
  @Test func metersStayWithinTheirMemory() throws {
    let layout = HistogramLayout(highestTrackable: 1000, significantDigits: 1)
    let byteCount = WorkerMeters.byteCount(layout: layout)
    let memory = try SharedMemory(byteCount: 128 + byteCount + 128)
    let meters = WorkerMeters(layout: layout, in: memory.from(128))
    meters.beginPhase()
    for counter in WorkerMeters.Counter.allCases { meters.set(counter, to: .max) }
    for recorder in [meters.latency, meters.serviceTime] {
      for value in [-1, 0, 1000, 5000] { recorder.makeWriter().record(Int64(value)) }
    }
    #expect(unsafe memory.bytes[..<128].allSatisfy { $0 == 0 })
    #expect(unsafe memory.bytes[(128 + byteCount)..<(256 + byteCount)].allSatisfy { $0 == 0 })
  }

  @Test func anotherViewOfALedgerMissesTheSameNumbers() throws {
    let byteCount = SequenceLedger.byteCount(streamCount: 65536, underWayLimit: 1)
    let memory = try SharedMemory(byteCount: byteCount)
    let views = (0..<2).map { _ in
      SequenceLedger(
        name: "ring", streams: [0], streamCount: 65536, underWayLimit: 1, isShared: false, in: memory.from(0))
    }
    for range in [0..<40, 41..<4000, 4001..<5000] as [Range<UInt64>] {
      _ = views[0].record(stream: 0, first: range.lowerBound, count: UInt64(range.count))
    }
    #expect(views[1].missing(stream: 0, acceptedCount: 5000, limit: 5).map(\.sequence) == [4000])
    views[1].entriesLeftBehind = views[0].entriesLeftBehind
    #expect(views[1].missing(stream: 0, acceptedCount: 5000, limit: 5).map(\.sequence) == [40, 4000])
  }
}
