import Platform
import RingBuffers
import Synchronization

/// The memory of a lane: the words that both sides share, then the ring of records and the ring of results.
///
/// It lies in shared memory, for threads too, so that there is one kind of lane memory. Everything in it is an offset.
final class LaneRegion: Sendable {
  /// Written once, before the worker starts.
  private struct Header {
    static let magic: UInt64 = 0x656E_616C_6B73_6174  // "tasklane" in memory order, little end first.
    var magic = Self.magic
    var version: UInt32 = 1
    var waiting: UInt32
    var requestByteCapacity: UInt64
    var completionByteCapacity: UInt64
    /// 0 where the cycle counter is not used.
    var calibration: UInt64
    /// 0 for no limit.
    var recordLimit: UInt64
    /// -1 for none.
    var core: Int64
  }

  let memory: SharedMemory
  let words: LaneWords
  let requests: ByteRing
  let completions: ByteRing
  private let header: Header

  /// Makes the memory of a lane.
  /// - Throws: `SystemError` when memory or descriptors are exhausted.
  init(_ options: LaneOptions, calibration: UInt64?) throws(SystemError) {
    header = Header(
      waiting: options.waiting.rawValue, requestByteCapacity: UInt64(options.requestByteCapacity),
      completionByteCapacity: UInt64(options.completionByteCapacity), calibration: calibration ?? 0,
      recordLimit: UInt64(options.recordLimitPerChild ?? 0), core: Int64(options.core ?? -1))
    let places = Places(header)
    memory = try SharedMemory(byteCount: places.byteCount, name: "ringside task lane")
    memory.prefault()
    unsafe memory.bytes.storeBytes(of: header, as: Header.self)
    words = unsafe LaneWords(at: memory.from(0).start)
    do {
      requests = unsafe try ByteRing(
        formatting: places.requests(in: memory), capacity: options.requestByteCapacity, owner: memory)
      completions = unsafe try ByteRing(
        formatting: places.completions(in: memory), capacity: options.completionByteCapacity, owner: memory)
    } catch {
      preconditionFailure("fresh memory of the right size takes a ring: \(error)")
    }
  }

  /// The memory that the parent made.
  /// - Throws: `TaskChildError` when it is not that of a lane.
  init(attaching memory: SharedMemory) throws(TaskChildError) {
    self.memory = memory
    let isLarge = unsafe memory.bytes.count >= LaneWords.byteCount
    guard isLarge else { throw .notALane }
    header = unsafe memory.bytes.load(as: Header.self)
    guard header.magic == Header.magic, header.version == 1, header.requestByteCapacity <= 1 << 30,
      header.completionByteCapacity <= 1 << 30
    else { throw .notALane }
    let places = Places(header)
    guard unsafe places.byteCount <= memory.bytes.count else { throw .notALane }
    words = unsafe LaneWords(at: memory.from(0).start)
    do {
      requests = unsafe try ByteRing(attaching: places.requests(in: memory), owner: memory)
      completions = unsafe try ByteRing(attaching: places.completions(in: memory), owner: memory)
    } catch {
      throw .notALane
    }
  }

  var waiting: LaneOptions.Waiting { LaneOptions.Waiting(rawValue: header.waiting) ?? .parked }
  var calibration: UInt64? { header.calibration == 0 ? nil : header.calibration }
  var recordLimit: Int? { header.recordLimit == 0 ? nil : Int(header.recordLimit) }
  var core: Int? { header.core < 0 ? nil : Int(header.core) }

  /// After the death of whoever slept here: see `Doorbell.forgetSleepers`.
  func forgetWorkersSleep() {
    requests.itemDoorbell.forgetSleepers()
    completions.spaceDoorbell.forgetSleepers()
  }

  /// Where the parts lie.
  private struct Places {
    let requestOffset = LaneWords.byteCount
    let completionOffset: Int
    let byteCount: Int

    init(_ header: Header) {
      completionOffset =
        requestOffset + AlignedMemory.roundedUp(ByteRing.byteCount(capacity: Int(header.requestByteCapacity)))
      byteCount = completionOffset + ByteRing.byteCount(capacity: Int(header.completionByteCapacity))
    }

    func requests(in memory: SharedMemory) -> UnsafeMutableRawBufferPointer {
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory.bytes[requestOffset..<completionOffset])
    }

    func completions(in memory: SharedMemory) -> UnsafeMutableRawBufferPointer {
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory.bytes[completionOffset...])
    }
  }
}
