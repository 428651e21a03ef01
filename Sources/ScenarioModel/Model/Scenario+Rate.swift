extension Scenario {
  /// The rate of an open loop, all producers together, when it changes during the phase.
  public struct VaryingRate: Sendable, Equatable {
    /// How it changes.
    public enum Shape: Sendable, Equatable {
      /// Evenly, to this rate.
      case ramp(toPerSecond: Double)
      /// To this rate, in so many stairs of equal length and height; at least 2.
      case stairs(toPerSecond: Double, count: Int)
      /// To this rate for the middle third of the phase; it is above the base rate.
      case spike(peakPerSecond: Double)
      /// As a sine, up first; the amplitude is at most the base rate.
      case wave(amplitudePerSecond: Double, periodNanoseconds: Int64)
    }

    /// Whether gaps are random (exponentially distributed) rather than even.
    public var isPoisson: Bool
    /// The rate at the start; of a wave, on average.
    public var basePerSecond: Double
    /// How it changes.
    public var shape: Shape
  }

  /// Messages to send again as they once were sent.
  public struct Trace: Sendable, Equatable {
    /// One message.
    public struct Entry: Sendable, Equatable {
      /// When it is due, from the start; never less than the one before.
      public var offsetNanoseconds: Int64
      /// Bytes of its body; nil for what the producer's payload says.
      public var byteCount: Int?
      /// Index of its routing key among those of the producers; nil for whose turn it is.
      public var keyIndex: Int?
    }

    /// The file, as it was written in the scenario.
    public var path: String
    /// At least one.
    public var entries: [Entry]
  }
}
