import Glibc

/// What kind of machine this is: stable facts first, then what changes while it runs.
public struct HostFacts: Sendable {
  /// The kernel's release, e.g. `6.1.0-18-amd64`.
  public var kernel: String
  /// The distribution's own name for itself.
  public var operatingSystem: String
  /// The processor's name.
  public var cpuModel: String
  /// `kvm`, `none`, or what the kernel says the hypervisor is; nil when unknown.
  public var hypervisor: String?
  /// The frequency governor, nil where the machine does not expose one.
  public var governor: String?
  /// The kernel's clock source, e.g. `tsc`.
  public var clockSource: String?
  /// Sizes of the caches of the first core, in bytes.
  public var l1DataByteCount, l2ByteCount, l3ByteCount: Int64?
  /// Memory of the machine, in bytes.
  public var memoryByteCount: Int64
  /// Usable cores.
  public var coreCount: Int

  /// Reads the facts of this machine.
  public static func read() -> HostFacts {
    let cpuInformation = SystemFile.text("/proc/cpuinfo") ?? ""
    let release = SystemFile.text("/etc/os-release") ?? ""
    return HostFacts(
      kernel: SystemFile.text("/proc/sys/kernel/osrelease") ?? "unknown",
      operatingSystem: field("PRETTY_NAME", in: release, separator: "=") ?? "Linux",
      cpuModel: field("model name", in: cpuInformation, separator: ":") ?? "unknown",
      hypervisor: hypervisor(cpuInformation: cpuInformation),
      governor: SystemFile.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
      clockSource: SystemFile.text("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
      l1DataByteCount: cacheByteCount(level: 1), l2ByteCount: cacheByteCount(level: 2),
      l3ByteCount: cacheByteCount(level: 3),
      memoryByteCount: Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))),
      coreCount: CPUTopology.coreCount)
  }

  static func hypervisor(cpuInformation: String) -> String? {
    // Only x86 says in its flags whether there is one.
    guard let flags = field("flags", in: cpuInformation, separator: ":") else { return nil }
    guard flags.split(separator: " ").contains("hypervisor") else { return "none" }
    return SystemFile.text("/sys/hypervisor/type") ?? SystemFile.text("/sys/class/dmi/id/sys_vendor") ?? "present"
  }

  private static func cacheByteCount(level: Int) -> Int64? {
    for index in 0..<8 {
      let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
      guard SystemFile.text("\(folder)/level") == "\(level)", SystemFile.text("\(folder)/type") != "Instruction",
        let size = SystemFile.text("\(folder)/size")
      else { continue }
      let number = Int64(size.prefix { $0.isNumber })
      return number.map { size.hasSuffix("K") ? $0 << 10 : size.hasSuffix("M") ? $0 << 20 : $0 }
    }
    return nil
  }

  /// The value behind `name` in lines of `name<separator>value`, without quotes.
  static func field(_ name: String, in text: String, separator: Character) -> String? {
    for line in text.split(separator: "\n") {
      guard let position = line.firstIndex(of: separator),
        String(line[..<position].prefix { $0 != "\t" }) == name
      else { continue }
      let value = line[line.index(after: position)...].drop { $0 == " " || $0 == "\"" }
      return String(value.last == "\"" ? value.dropLast() : value)
    }
    return nil
  }
}
