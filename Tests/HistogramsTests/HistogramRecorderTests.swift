import Glibc
import Testing

@testable import Histograms

@Suite struct HistogramRecorderTests {
  /// The writer has an arithmetic of its own for three digits: every edge of every bucket, and the rare cases.
  @Test func snapshotEqualsAHistogramOfTheSameValues() {
    for layout in HistogramLayoutTests.smallLayouts {
      let recorder = HistogramRecorder(layout: layout)
      let writer = recorder.makeWriter()
      var model = LatencyHistogram(layout: layout)
      #expect(recorder.snapshot() == model)
      var values = TestValues.edges(reach: 2)
      values += [0, -1, .min, .max, layout.highestTrackable]
      values += stride(from: 0, to: 1 << 13, by: 3)
      for value in values {
        writer.record(value)
        model.record(value)
      }
      writer.record(77, count: 5)
      writer.record(78, count: 0)
      model.record(77, count: 5)
      #expect(recorder.snapshot() == model)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func randomValuesAndSnapshotsAgreeWithAModel(seed: UInt64) {
    var random = TestRandom(state: seed)
    let recorder = HistogramRecorder()
    let writer = recorder.makeWriter()
    var model = LatencyHistogram()
    var last = LatencyHistogram()
    var sum = LatencyHistogram()
    for step in 0..<2000 {
      let value = Int64(random.next() % (1 << (1 + random.next() % 38)))
      writer.record(value)
      model.record(value)
      if random.next() % 200 == 0 {
        let snapshot = recorder.snapshot()
        #expect(snapshot == model, "seed \(seed), step \(step)")
        sum.merge(snapshot.subtracting(last))
        last = snapshot
      }
    }
    #expect(sum == last, "seed \(seed)")
  }

  @Test func valuesOfSeveralThreadsAreAllThere() async {
    for layout in HistogramLayoutTests.smallLayouts {
      let recorder = HistogramRecorder(layout: layout)
      var model = LatencyHistogram(layout: layout)
      let values = TestValues.edges(reach: 1) + [0, -1, .min, .max, layout.highestTrackable]
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<3 { group.addTask { for value in values { recorder.recordShared(value) } } }
      }
      for _ in 0..<3 { for value in values { model.record(value) } }
      let isEqual = recorder.snapshot() == model
      #expect(isEqual, "\(layout)")
    }
  }

  @Test func resetForgetsEverything() {
    let recorder = HistogramRecorder()
    let writer = recorder.makeWriter()
    for value in [1, 5000, -7, 90_000_000_000] as [Int64] { writer.record(value) }
    recorder.reset()
    #expect(recorder.snapshot() == LatencyHistogram())
    writer.record(12)
    var expected = LatencyHistogram()
    expected.record(12)
    #expect(recorder.snapshot() == expected)
  }

  @Test func writerKeepsTheRecorderAlive() {
    let writer = HistogramRecorder().makeWriter()
    for value in 0..<1000 as Range<Int64> { writer.record(value) }
    let count = writer.recorder.snapshot().count
    #expect(count == 1000)
  }

  /// One thread records while another looks: no snapshot has less than the one before, and all its figures fit.
  @Test func snapshotsTakenMeanwhileAreConsistentAndGrow() {
    let recorder = HistogramRecorder()
    let recordCount = 200_000
    let thread = RecordingThread(recorder: recorder, recordCount: recordCount)
    var previous = LatencyHistogram()
    while previous.count < recordCount {
      let snapshot = recorder.snapshot()
      #expect(snapshot.count >= previous.count)
      #expect(snapshot.count <= recordCount)
      if !snapshot.isEmpty {
        let first = snapshot.counts.firstIndex { $0 != 0 }
        #expect(snapshot.layout.index(of: snapshot.min) == first)
        #expect(snapshot.layout.index(of: snapshot.max) == snapshot.counts.count - 1)
      }
      #expect(snapshot.subtracting(previous).count == snapshot.count - previous.count)
      previous = snapshot
      sched_yield()
    }
    thread.join()
    #expect(recorder.snapshot().count == recordCount)
  }
}

/// A thread that records a widening mixture of values.
private final class RecordingThread {
  private var handle = pthread_t()

  private final class Work {
    let recorder: HistogramRecorder
    let recordCount: Int

    init(recorder: HistogramRecorder, recordCount: Int) {
      self.recorder = recorder
      self.recordCount = recordCount
    }
  }

  init(recorder: HistogramRecorder, recordCount: Int) {
    let work = unsafe Unmanaged.passRetained(Work(recorder: recorder, recordCount: recordCount)).toOpaque()
    let status = unsafe pthread_create(
      &handle, nil,
      { argument in
        let work = unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue()
        let writer = work.recorder.makeWriter()
        var random = TestRandom(state: 4)
        for step in 0..<work.recordCount {
          writer.record(Int64(random.next() % UInt64(1000 + step * 50)))
        }
        return nil
      }, work)
    precondition(status == 0, "pthread_create: \(status)")
  }

  func join() { pthread_join(handle, nil) }
}
