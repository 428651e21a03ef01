/// The machine a run was made on. What could not be found out is left out.
public struct EnvironmentInformation: Codable, Sendable, Equatable {
  /// Identifies machines whose figures may be compared; made of stable facts only.
  public var machineKey: String
  /// The operating system's name and version.
  public var os: String?
  /// The kernel's release.
  public var kernel: String?
  /// The processor's name.
  public var cpuModel: String?
  /// How many cores this process may use.
  public var cores: Int
  /// Size of the level 1 data cache of one core.
  public var l1dBytes: Int?
  /// Size of the level 2 cache.
  public var l2Bytes: Int?
  /// Size of the level 3 cache.
  public var l3Bytes: Int?
  /// Size of the memory.
  public var ramBytes: Int?
  /// The hypervisor, e.g. `kvm`; absent on bare metal.
  public var hypervisor: String?
  /// The frequency governor.
  public var governor: String?
  /// The kernel's clock source, e.g. `tsc`.
  public var clocksource: String?
  /// The timer slack of the measuring threads.
  public var timerSlackNanoseconds: Int64?
  /// The cores this process may run on.
  public var affinity: [Int]?
  /// The one time source of the run.
  public var clock: TimeSourceInformation
  /// How long a cache line takes from one core to the other, one way.
  public var lineTransfer: LineTransfer?
  /// The same after the run; a virtual machine's cores may come to lie elsewhere.
  public var lineTransferAfter: LineTransfer?
  /// How noisy the machine was.
  public var noise: NoiseInformation?

  /// An environment of which only what is necessary is known.
  public init(machineKey: String, cores: Int, clock: TimeSourceInformation) {
    self.machineKey = machineKey
    self.cores = cores
    self.clock = clock
  }

  enum CodingKeys: String, CodingKey {
    case machineKey = "machine_key"
    case os, kernel
    case cpuModel = "cpu_model"
    case cores
    case l1dBytes = "l1d_bytes"
    case l2Bytes = "l2_bytes"
    case l3Bytes = "l3_bytes"
    case ramBytes = "ram_bytes"
    case hypervisor, governor, clocksource
    case timerSlackNanoseconds = "timer_slack_ns"
    case affinity, clock
    case lineTransfer = "line_transfer_ns"
    case lineTransferAfter = "line_transfer_after_ns"
    case noise
  }
}
