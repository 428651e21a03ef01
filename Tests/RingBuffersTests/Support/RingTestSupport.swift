import Glibc
import Platform
import RingBuffers
import Synchronization
import Testing

/// Steele, Lea and Flood's generator: small, and good enough to choose test steps.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// Turns of waiting that are granted before a test counts as hung: some ten seconds of yields.
struct Patience {
  private var turns = 20_000_000

  /// Gives the core away; false when patience has run out.
  mutating func wait() -> Bool {
    sched_yield()
    turns -= 1
    return turns > 0
  }
}

/// Runs the bodies at the same time, one thread each, and waits for all.
func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
  let threads = try (0..<count).map { index in
    try PinnedThread(name: "stress \(index)", core: nil) { body(index) }
  }
  for thread in threads { thread.join() }
}

/// An element that makes a slot of exactly 64 bytes in a many-to-many ring; all words must agree, else it was torn.
struct WideElement: BitwiseCopyable, Sendable {
  var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  init(_ value: UInt64) { words = (value, ~value, value, ~value, value, ~value, value) }

  var value: UInt64? {
    let (a, b, c, d, e, f, g) = words
    return a == c && c == e && e == g && b == ~a && d == ~a && f == ~a ? a : nil
  }
}

/// Memory on a boundary of 128 bytes that is freed at the end.
@safe final class AlignedRegion {
  let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    unsafe bytes = UnsafeMutableRawBufferPointer(
      start: AlignedMemory.allocate(byteCount: byteCount), count: byteCount)
  }

  deinit { unsafe AlignedMemory.deallocate(bytes.baseAddress!) }
}

/// A reader of a ring that surely has a place for it.
func reader<Element>(of ring: BroadcastRing<Element>) -> BroadcastRing<Element>.Reader {
  guard let reader = ring.makeReader() else { preconditionFailure("no place for a reader") }
  return reader
}
