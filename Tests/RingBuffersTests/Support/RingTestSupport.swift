import Glibc
import Platform
import RingBuffers
import Synchronization
import Testing

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
