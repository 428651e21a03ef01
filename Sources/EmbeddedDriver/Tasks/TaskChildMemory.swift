import Histograms
import Platform
import WorkloadLoops

/// The memory that the children of a worker share with it beside their lanes: what they count, then the recipe of their tasks, then,
/// where arguments are encoded, how long decoding them took.
struct TaskChildMemory {
  private static let expectedMagic: UInt64 = 0x6B73_6174_676E_6972  // "ringtask" in memory order, little end first.

  let memory: SharedMemory

  /// What the children have counted.
  var tally: TaskTally { TaskTally(in: memory.from(0)) }

  /// Memory for children that follow this recipe.
  /// - Throws: `SystemError` when memory or descriptors are exhausted.
  init(_ recipe: TaskChildRecipe) throws(SystemError) {
    let bytes = recipe.words.bytes
    let layout = recipe.plan.histogramLayout
    let samples = recipe.plan.encodings.isEmpty ? 0 : HistogramRecorder.byteCount(layout: layout)
    memory = try SharedMemory(byteCount: Self.recorderOffset(bytes.count) + samples, name: "ringside tasks")
    unsafe memory.bytes.storeBytes(of: Self.expectedMagic, toByteOffset: TaskTally.byteCount, as: UInt64.self)
    unsafe memory.bytes.storeBytes(of: UInt64(bytes.count), toByteOffset: TaskTally.byteCount + 8, as: UInt64.self)
    unsafe memory.bytes[(TaskTally.byteCount + 16)...].copyBytes(from: bytes)
    decodeTime(recipe)?.reset()
  }

  private static func recorderOffset(_ wordByteCount: Int) -> Int {
    AlignedMemory.roundedUp(TaskTally.byteCount + 16 + wordByteCount)
  }

  /// Where the children record how long decoding took; nil where arguments travel as the bytes that they are.
  /// - Parameter recipe: That which is written here.
  func decodeTime(_ recipe: TaskChildRecipe) -> HistogramRecorder? {
    guard !recipe.plan.encodings.isEmpty else { return nil }
    let wordByteCount = unsafe memory.bytes.load(fromByteOffset: TaskTally.byteCount + 8, as: UInt64.self)
    let place = memory.from(Self.recorderOffset(Int(wordByteCount)))
    return unsafe HistogramRecorder(layout: recipe.plan.histogramLayout, in: place.start, keeping: place.owner)
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
