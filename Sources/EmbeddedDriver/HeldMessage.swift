import Distributions
import DriverInterface

/// A copy of one message: one that a full queue held back, or that is shown otherwise than it came.
@safe
struct HeldMessage: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let capacity: Int
  private var count = 0
  private(set) var route = 0
  private(set) var correlation: UInt64 = 0
  private(set) var priority: UInt8 = 0

  init(capacity: Int) {
    self.capacity = capacity
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe memory.deallocate() }

  /// Keeps a copy.
  mutating func hold(_ body: MessageBody, route: Int, correlation: UInt64, priority: UInt8 = 0) {
    precondition(body.count <= capacity, "a body larger than the plan's largest")
    unsafe memory.copyMemory(from: body.start, byteCount: body.count)
    count = body.count
    self.route = route
    self.correlation = correlation
    self.priority = priority
  }

  /// Flips one bit of the copy, chosen by a number.
  mutating func flip(bit random: UInt64) {
    precondition(count > 0, "an empty body has no bit to flip")
    let bit = Int(truncatingIfNeeded: SplitMix64.mix(random) % UInt64(count * 8))
    let byte = unsafe memory.load(fromByteOffset: bit / 8, as: UInt8.self)
    unsafe memory.storeBytes(of: byte ^ 1 << (bit % 8), toByteOffset: bit / 8, as: UInt8.self)
  }

  var body: MessageBody { unsafe MessageBody(start: memory, count: count) }
}
