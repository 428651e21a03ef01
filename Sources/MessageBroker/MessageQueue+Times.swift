public import Histograms
import Platform

extension MessageQueue {
  /// Two digits: a quarter of the memory of three, for a figure that is a sample.
  static var timesLayout: HistogramLayout {
    HistogramLayout(highestTrackable: 3_600_000_000_000, significantDigits: 2)
  }

  /// How long messages were in the queue before they were delivered.
  func timeInQueue() -> LatencyHistogram {
    withEnds { past, ends in
      var times = past ?? LatencyHistogram(layout: Self.timesLayout)
      for record in ends { if let recorder = record.times { times.merge(recorder.snapshot()) } }
      return times
    }
  }

  /// What remains of the recorder of an end that goes.
  static func merge(_ record: EndRecord, into past: inout LatencyHistogram?) {
    guard let snapshot = record.times?.snapshot(), !snapshot.isEmpty else { return }
    past = past ?? LatencyHistogram(layout: timesLayout)
    past?.merge(snapshot)
  }
}

extension Broker {
  /// How long messages were in a queue before they were first delivered, in nanoseconds: those of consumers that poll with a time
  /// (`Session.poll(limit:now:)`); of the first 1024 messages all, then every 64th. Errors: 404.
  public func timeInQueue(of name: String) throws(BrokerError) -> LatencyHistogram {
    try queue(name, by: nil).timeInQueue()
  }
}
