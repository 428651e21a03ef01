public import CLinux

/// The cores that this process may use.
public enum CPUTopology {
  /// Numbers of the usable cores, ascending; never empty.
  public static let usableCores = readUsableCores()

  static func readUsableCores() -> [Int] {
    var cores = [Int32](repeating: 0, count: 1024)
    let count = unsafe Int(clinux_allowed_cores(&cores, Int32(cores.count)))
    return count == 0 ? [0] : cores.prefix(min(count, cores.count)).map(Int.init)
  }

  /// How many cores this process may use.
  public static var coreCount: Int { usableCores.count }

  /// The core for the thread with this index, going round.
  public static func core(forThread index: Int) -> Int { usableCores[index % usableCores.count] }
}

/// Tells the core that the caller spins.
@inlinable @inline(__always)
public func spinHint() { clinux_spin_hint() }
