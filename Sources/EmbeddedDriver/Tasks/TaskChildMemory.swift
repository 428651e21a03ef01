import Platform
import WorkloadLoops

/// The memory that the children of a worker share with it beside their lanes: what they count, then the recipe of their tasks.
struct TaskChildMemory {
  private static let expectedMagic: UInt64 = 0x6B73_6174_676E_6972  // "ringtask" in memory order, little end first.

  let memory: SharedMemory

  /// What the children have counted.
  var tally: TaskTally { TaskTally(in: memory.from(0)) }

  /// Memory for children that follow this recipe.
  /// - Throws: `SystemError` when memory or descriptors are exhausted.
  init(_ recipe: TaskChildRecipe) throws(SystemError) {
    let bytes = recipe.words.bytes
    memory = try SharedMemory(byteCount: TaskTally.byteCount + 16 + bytes.count, name: "ringside tasks")
    unsafe memory.bytes.storeBytes(of: Self.expectedMagic, toByteOffset: TaskTally.byteCount, as: UInt64.self)
    unsafe memory.bytes.storeBytes(of: UInt64(bytes.count), toByteOffset: TaskTally.byteCount + 8, as: UInt64.self)
    unsafe memory.bytes[(TaskTally.byteCount + 16)...].copyBytes(from: bytes)
  }

  /// The memory that the parent has made.
  init(attaching memory: SharedMemory) { self.memory = memory }

  /// What the parent wrote.
  /// - Throws: `PeerMessageError` when it is no recipe.
  func recipe(time: CycleCounter) throws(PeerMessageError) -> TaskChildRecipe {
    let start = TaskTally.byteCount + 16
    guard unsafe memory.bytes.count >= start,
      unsafe memory.bytes.load(fromByteOffset: TaskTally.byteCount, as: UInt64.self) == Self.expectedMagic
    else { throw PeerMessageError() }
    let count = unsafe memory.bytes.load(fromByteOffset: TaskTally.byteCount + 8, as: UInt64.self)
    guard unsafe count <= UInt64(memory.bytes.count - start) else { throw PeerMessageError() }
    var words = unsafe PeerWords(Array(memory.bytes[start..<start + Int(count)])[...])
    return try TaskChildRecipe(from: &words, time: time)
  }
}
