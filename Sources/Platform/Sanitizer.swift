internal import CLinux

/// A tool that checks every access of a program while it runs, many times slower than without: what such a build measures says nothing
/// about speed.
public enum Sanitizer: String, CaseIterable, Sendable {
  case thread, address

  /// The compiler's flag for it.
  public var flag: String { "-sanitize=\(rawValue)" }

  /// Those whose runtime is part of this process.
  public static let active = allCases.filter { sanitizer in
    switch sanitizer {
    case .thread: clinux_has_thread_sanitizer() != 0
    case .address: clinux_has_address_sanitizer() != 0
    }
  }
}
