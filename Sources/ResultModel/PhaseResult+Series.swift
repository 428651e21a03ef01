extension PhaseResult {
  /// The series a phase may have, by the names used in files, in the order in which they are shown.
  public static var seriesNames: [String] { seriesPaths.map(\.name) }

  private static var seriesPaths: [(name: String, path: WritableKeyPath<PhaseResult, LatencySummary?>)] {
    [
      ("latency", \.latency), ("service_time", \.serviceTime), ("send_delay", \.sendDelay),
      ("confirm_time", \.confirmTime), ("queue_time", \.queueTime), ("eta_error", \.etaError),
      ("handler_time", \.handlerTime), ("result_time", \.resultTime), ("encode_time", \.encodeTime),
      ("decode_time", \.decodeTime),
    ]
  }

  /// The series that were recorded, with their names, in the order in which they are shown.
  public var series: [(name: String, summary: LatencySummary)] {
    Self.seriesPaths.compactMap { entry in self[keyPath: entry.path].map { (entry.name, $0) } }
  }

  /// The series of that name; `nil` when it was not recorded or there is no such series.
  public subscript(series name: String) -> LatencySummary? {
    Self.seriesPaths.first { $0.name == name }.flatMap { self[keyPath: $0.path] }
  }
}
