import CLinux
import Glibc

extension ChildProcess {
  /// What to start, and what it gets from its parent.
  public struct Launch: Sendable {
    /// Where a child's standard output or error goes.
    public enum Output: Sendable, Equatable {
      /// To wherever the parent's goes.
      case inherited
      /// To nowhere.
      case discarded
      /// To the end of this file, which is made when it is missing.
      case file(path: String)
      /// To this open descriptor of the parent, for instance the write end of a pipe.
      case descriptor(Int32)
    }

    /// The executable's path; no search path is consulted.
    public var executable: String
    /// The arguments after the executable's name.
    public var arguments: [String]
    /// Variables to add to, or to change in, the parent's environment.
    public var environment: [String: String] = [:]
    /// Descriptors that the child gets besides the standard ones, its number first: `[3: memory.number]`.
    /// Numbers are 0 to 63; 0 replaces standard input, which is otherwise empty. The parent may close its own after the start.
    public var inherited: [Int32: Int32] = [:]
    /// Where standard output goes.
    public var standardOutput = Output.inherited
    /// Where standard error goes.
    public var standardError = Output.inherited

    /// A child that gets nothing but its arguments and the parent's environment, output and error.
    public init(executable: String, arguments: [String] = []) {
      self.executable = executable
      self.arguments = arguments
    }

    /// The environment as `NAME=value`. A crash of the child is reported by its signal; its runtime's own report, which
    /// takes longer than a trial and goes to the terminal, is off unless asked for.
    private func environmentEntries() -> [String] {
      var variables = environment
      let parents = Self.parentEnvironment()
      if variables["SWIFT_BACKTRACE"] == nil, !parents.contains(where: { $0.hasPrefix("SWIFT_BACKTRACE=") }) {
        variables["SWIFT_BACKTRACE"] = "enable=no"
      }
      let kept = parents.filter { entry in
        variables[String(entry.prefix { $0 != "=" })] == nil
      }
      return kept + variables.map { "\($0.key)=\($0.value)" }.sorted()
    }

    private static func parentEnvironment() -> [String] {
      var entries: [String] = []
      guard let list = unsafe clinux_environment() else { return [] }
      while let entry = unsafe list[entries.count] { unsafe entries.append(String(cString: entry)) }
      return entries
    }

    func spawn(with table: DescriptorTable) throws(SystemError) -> Int32 {
      var process: Int32 = 0
      let refused = unsafe withCStrings([executable] + arguments) { argumentList in
        unsafe withCStrings(environmentEntries()) { environmentList in
          // The table owns the duplicates that its numbers stand for.
          withExtendedLifetime(table) {
            unsafe clinux_spawn(
              executable, argumentList, environmentList, table.sources, Int32(table.sources.count), &process)
          }
        }
      }
      guard refused == 0 else { throw SystemError("start \(executable)", code: refused) }
      return process
    }
  }

  /// Which open descriptor becomes which of the child's.
  struct DescriptorTable {
    /// By the child's number; -1 is closed.
    private(set) var sources: [Int32]
    /// Duplicates above all of the child's numbers, so that none is overwritten before it has been copied.
    private var duplicates: [OwnedDescriptor] = []

    init(_ launch: Launch, lifeline: OwnedDescriptor) throws(SystemError) {
      precondition(
        launch.inherited.keys.allSatisfy { (0..<64).contains($0) },
        "a child's descriptors are numbered 0 to 63, asked for \(launch.inherited.keys.sorted())")
      let lifelineNumber = max(2, launch.inherited.keys.max() ?? 2) + 1
      sources = [Int32](repeating: -1, count: Int(lifelineNumber) + 1)
      try place(OwnedDescriptor.open("/dev/null", O_RDONLY), at: 0)
      try place(launch.standardOutput, at: 1)
      try place(launch.standardError, at: 2)
      for (number, source) in launch.inherited { try place(source, at: number) }
      try place(lifeline, at: lifelineNumber)
    }

    private mutating func place(_ output: Launch.Output, at number: Int32) throws(SystemError) {
      switch output {
      case .inherited: try place(number, at: number)
      case .discarded: try place(OwnedDescriptor.open("/dev/null", O_WRONLY), at: number)
      case .file(let path): try place(OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND), at: number)
      case .descriptor(let source): try place(source, at: number)
      }
    }

    private mutating func place(_ source: OwnedDescriptor, at number: Int32) throws(SystemError) {
      try place(source.number, at: number)
    }

    private mutating func place(_ source: Int32, at number: Int32) throws(SystemError) {
      let duplicate = try OwnedDescriptor.duplicate(source, atLeast: Int32(sources.count))
      duplicates.append(duplicate)
      sources[Int(number)] = duplicate.number
    }
  }
}

/// Calls `body` with the strings as C wants them: an array of pointers, ended by a null one.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe strings.map { unsafe strdup($0) }
  defer { unsafe pointers.forEach { unsafe free($0) } }
  unsafe pointers.append(nil)
  return unsafe body(pointers)
}
