extension Scenario {
  /// What is proven about every message.
  public struct Verification: Sendable, Equatable {
    /// Which order is promised.
    public enum Order: String, Sendable, CaseIterable {
      /// Each consumer sees each producer's sequence numbers rise.
      case perProducer = "per_producer"
      /// Each routing key's numbers rise, and one consumer gets them all.
      case perKey = "per_key"
      /// Nothing is promised.
      case none

      /// From no promise to the strongest.
      public var strength: Int {
        switch self {
        case .none: 0
        case .perProducer: 1
        case .perKey: 2
        }
      }
    }

    /// How bodies are checked.
    public enum PayloadCheck: String, Sendable, CaseIterable {
      /// A CRC-32C of each body.
      case crc32c
      /// Not at all; the items of a ring are compared whole instead.
      case none
    }

    /// The most messages that may be lost.
    public var lossLimit: Int64
    /// The most messages that may arrive twice without the redelivered flag.
    public var duplicateLimit: Int64
    /// Which order is checked, at most: of each queue what it promises.
    public var order: Order
    /// How bodies are checked.
    public var payload: PayloadCheck
  }

  /// How finely is measured.
  public struct Measure: Sendable, Equatable {
    /// Length of one row of the time series; shorter where a warm-up is.
    public var intervalNanoseconds: Int64
    /// Significant decimal digits of the histograms, 1 to 5.
    public var histogramDigits: Int
    /// The highest value the histograms tell apart.
    public var histogramMaxNanoseconds: Int64
    /// Period of the timer that measures the platform's own delays.
    public var hiccupNanoseconds: Int64
    /// Period of reading the subject's statistics during a trial; nil for not at all.
    public var statisticsNanoseconds: Int64?
  }

  /// Where results go.
  public struct Output: Sendable, Equatable {
    /// A kind of result file.
    public enum Format: String, Sendable, CaseIterable {
      /// `result.json`
      case json
      /// The `.csv` tables.
      case csv
      /// `run.hlog`
      case hlog
      /// One `.hgrm` per series.
      case hgrm
      /// `report.html`
      case html
      /// `summary.md`
      case markdown
      /// `junit.xml`
      case junit
    }

    /// The results directory; `{name}` and `{started}` stand for the scenario's name and the time of the start.
    public var directoryTemplate: String
    /// What is written, without repetition, in the order of the cases.
    public var formats: [Format]
    /// The file in the results directory that the sending times are recorded into; nil for none.
    public var tracePath: String?

    /// The files and folders of a results directory that have fixed names.
    public static let fixedNames = [
      "result.json", "metrics.csv", "intervals.csv", "percentiles.csv", "variants.csv", "events.csv", "comparisons.csv",
      "capacity.csv",
      "run.hlog", "trials", "report.html", "summary.md", "junit.xml",
    ]

    /// Whether a run may write a file of that name by itself.
    public static func isReserved(_ name: String) -> Bool { fixedNames.contains(name) || name.hasSuffix(".hgrm") }
  }
}
