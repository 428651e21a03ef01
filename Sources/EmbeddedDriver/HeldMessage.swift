import DriverInterface

/// The one message that a full queue held back.
@safe
struct HeldMessage: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let capacity: Int
  private var count = 0
  private(set) var route = 0
  private(set) var correlation: UInt64 = 0

  init(capacity: Int) {
    self.capacity = capacity
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe memory.deallocate() }

  /// Keeps a copy.
  mutating func hold(_ body: MessageBody, route: Int, correlation: UInt64) {
    precondition(body.count <= capacity, "a body larger than the plan's largest")
    unsafe memory.copyMemory(from: body.start, byteCount: body.count)
    count = body.count
    self.route = route
    self.correlation = correlation
  }

  var body: MessageBody { unsafe MessageBody(start: memory, count: count) }
}
