public import ResultModel

/// What a binary says about itself before it is asked for trials: `ringside trial --greet`.
public struct TrialGreeting: Codable, Sendable, Equatable {
  /// The version of the trial protocol that it speaks.
  public var version: Int
  /// Which build it is.
  public var tool: ToolInformation

  /// The greeting of this build.
  public init(tool: ToolInformation) {
    version = Int(TrialProtocol.version)
    self.tool = tool
  }

  enum CodingKeys: String, CodingKey {
    case version = "trial_protocol"
    case tool
  }
}
