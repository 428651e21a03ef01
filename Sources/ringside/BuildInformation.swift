internal import Platform
internal import ResultModel

/// Which build of ringside this is.
///
/// The Makefile writes `BuildInformation.generated.swift`, an extension with the revision and cleanliness of the
/// checkout. Members of the type win over the defaults of its protocol, so the file is optional: a plain
/// `swift build` of a fresh clone works and reports the revision as unknown.
enum BuildInformation: BuildRevision {
  /// The released version, or the next one with a suffix.
  static let version = "0.1.0"

  /// `release`, or `debug`, whose figures say nothing about speed.
  static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  /// Version of the compiler's language rules, as far as a program can know it.
  static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// What results say about the build.
  static var tool: ToolInformation {
    ToolInformation(
      version: version, gitSHA: gitSHA ?? "", dirty: isDirty ?? false,
      build: .init(
        configuration: configuration, swift: swiftVersion, flags: Sanitizer.active.map(\.flag).joined(separator: " "),
        allocator: AllocationCounters.allocatorName))
  }

  /// One line for `--version`: version, revision, configuration.
  static var description: String {
    let revision = gitSHA.map { "revision \($0.prefix(12))\(isDirty == true ? " with local changes" : "")" }
    return "\(version) (\(revision ?? "revision unknown"), \(configuration) build)"
  }
}

/// The part of a build's identity that only the checkout knows.
protocol BuildRevision {
  /// The commit, or nil when the build was not made by the Makefile.
  static var gitSHA: String? { get }
  /// Whether the checkout differed from that commit; nil when unknown.
  static var isDirty: Bool? { get }
}

extension BuildRevision {
  static var gitSHA: String? { nil }
  static var isDirty: Bool? { nil }
}
