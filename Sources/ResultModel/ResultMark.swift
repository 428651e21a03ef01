/// Something about a run that keeps its figures from being quoted as those of a released build measured to its end. Every output of a
/// run names its marks, so that a figure which was copied elsewhere still says where it comes from.
public enum ResultMark: String, Sendable, CaseIterable {
  /// A build without optimisation measured it.
  case debugBuild = "debug-build"
  /// A build with a sanitizer measured it.
  case sanitizedBuild = "sanitized-build"
  /// A build of a tree with uncommitted changes measured it.
  case uncommittedChanges = "uncommitted-changes"
  /// It was stopped before its end.
  case stoppedEarly = "stopped-early"
  /// Its time was simulated.
  case virtualTime = "virtual-time"

  /// What it means for the figures.
  public var sentence: String {
    switch self {
    case .debugBuild: "DEBUG BUILD: these figures say nothing about speed; build with -c release"
    case .sanitizedBuild: "SANITIZED BUILD: these figures say nothing about speed; build without --sanitize"
    case .uncommittedChanges: "built from a tree with uncommitted changes: cannot become a baseline"
    case .stoppedEarly: "STOPPED EARLY: the figures are partial"
    case .virtualTime: "VIRTUAL TIME: a simulation, not comparable with real runs"
    }
  }

  /// Whether the figures are worth nothing, or not what they seem; else they are only nobody's reference.
  public var isGrave: Bool { self != .uncommittedChanges }
}

extension RunResult {
  /// The marks of the run in a fixed order: those of the build that ran it, and of every build that is a variant of it. Empty when
  /// its figures may be quoted.
  public var marks: [ResultMark] {
    let tools = [tool] + variants.compactMap(\.tool)
    return ResultMark.allCases.filter { mark in
      switch mark {
      case .debugBuild: tools.contains { $0.build.configuration != "release" }
      case .sanitizedBuild: tools.contains { $0.build.flags.contains("sanitize") }
      case .uncommittedChanges: tools.contains(where: \.dirty)
      case .stoppedEarly: status == .aborted || wasStopped
      case .virtualTime: time == .virtual
      }
    }
  }

  /// The marks as one word for tables and labels, `debug-build;stopped-early`; empty without any.
  public var markText: String { marks.map(\.rawValue).joined(separator: ";") }

  /// The version that measured, with the marks behind it: for formats that have no other place for them.
  public var markedVersion: String {
    marks.isEmpty ? tool.version : "\(tool.version) (\(marks.map(\.rawValue).joined(separator: ", ")))"
  }
}
