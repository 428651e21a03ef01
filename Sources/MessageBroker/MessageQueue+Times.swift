public import Histograms
import Platform

extension MessageQueue {
  /// Two digits: a quarter of the memory of three, for a figure that is a sample.
  private static var timesLayout: HistogramLayout {
    HistogramLayout(highestTrackable: 3_600_000_000_000, significantDigits: 2)
  }

  /// A recorder for what one consumer measures.
  func makeTimes(for record: EndRecord) -> HistogramRecorder {
    let recorder = HistogramRecorder(layout: Self.timesLayout)
    record.times.withLock { $0 = recorder }
    return recorder
  }

  /// How long messages were in the queue before they were delivered.
  func timeInQueue() -> LatencyHistogram {
    withEnds { past, ends in
      var times = past ?? LatencyHistogram(layout: Self.timesLayout)
      for record in ends { record.times.withLock { if let recorder = $0 { times.merge(recorder.snapshot()) } } }
      return times
    }
  }

  /// What remains of the recorder of an end that goes.
  static func merge(_ record: EndRecord, into past: inout LatencyHistogram?) {
    record.times.withLock { recorder in
      guard let snapshot = recorder?.snapshot() else { return }
      past = past ?? LatencyHistogram(layout: timesLayout)
      past?.merge(snapshot)
      recorder = nil
    }
  }
}

extension Broker {
  /// How long messages were in a queue before they were first delivered, in nanoseconds: those of consumers that poll with a time
  /// (`Session.poll(limit:now:)`); of the first 1024 messages all, then every 64th. Errors: 404.
  public func timeInQueue(of name: String) throws(BrokerError) -> LatencyHistogram {
    try queue(name, by: nil).timeInQueue()
  }
}
