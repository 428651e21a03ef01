import Glibc

/// How much memory the process holds right now.
public enum ResidentMemory {
  /// Bytes of the process that are in memory, or nil when the kernel does not tell.
  public static func currentByteCount() -> Int64? {
    guard let fields = SystemFile.text("/proc/self/statm")?.split(separator: " "), fields.count > 1,
      let pages = Int64(fields[1])
    else { return nil }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }
}
