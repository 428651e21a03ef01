import Glibc

/// Zeroed memory on a chosen boundary, for state that two cores share: 128 bytes keeps neighbours off one another's
/// cache lines and off the pair of lines that the prefetcher fetches together.
public enum AlignedMemory {
  /// The distance that keeps two hot words from disturbing one another.
  public static let lineByteCount = 128

  /// The next multiple of the line's size: where the next piece of a larger memory may begin.
  public static func roundedUp(_ byteCount: Int) -> Int { (byteCount + lineByteCount - 1) & ~(lineByteCount - 1) }

  /// Allocates at least `byteCount` zeroed bytes; free them with `deallocate`. Stops the program when memory is out.
  public static func allocate(byteCount: Int, alignment: Int = lineByteCount) -> UnsafeMutableRawPointer {
    precondition(byteCount > 0, "asked for \(byteCount) bytes")
    precondition(alignment > 0 && alignment & (alignment - 1) == 0, "alignment is a power of two, got \(alignment)")
    let rounded = (byteCount + alignment - 1) & ~(alignment - 1)
    guard let memory = unsafe aligned_alloc(alignment, rounded) else {
      preconditionFailure("out of memory: \(rounded) bytes on a boundary of \(alignment)")
    }
    unsafe memset(memory, 0, rounded)
    return unsafe memory
  }

  /// Gives back memory from `allocate`.
  public static func deallocate(_ memory: UnsafeMutableRawPointer) { unsafe free(memory) }

  /// Zeroed memory straight from the system, in whole pages that are taken when they are first touched; give it back with
  /// `unmap`. For what is large and short-lived: the heap would keep its pages for later.
  ///
  /// From 2 MiB on it lies on a boundary of huge pages and asks for them: touching 4 MiB page by page takes milliseconds on a
  /// virtual machine.
  public static func map(byteCount: Int) -> UnsafeMutableRawPointer {
    precondition(byteCount > 0, "asked for \(byteCount) bytes")
    guard byteCount >= hugePageByteCount else { return unsafe mapPages(byteCount: byteCount) }
    let rounded = pageRounded(byteCount)
    let memory = unsafe mapPages(byteCount: rounded + hugePageByteCount)
    let excess = Int(bitPattern: memory) & (hugePageByteCount - 1)
    let before = excess == 0 ? 0 : hugePageByteCount - excess
    if before > 0 { unsafe unmap(memory, byteCount: before) }
    let start = unsafe memory + before
    unsafe unmap(start + rounded, byteCount: hugePageByteCount - before)
    // Refused where there are none: then it is small pages.
    _ = unsafe madvise(start, rounded, MADV_HUGEPAGE)
    return unsafe start
  }

  private static var hugePageByteCount: Int { 2 << 20 }

  /// What the system maps and takes back as a whole: a power of two, 4 KiB on most machines, up to 64 KiB on others.
  public static let pageByteCount = sysconf(Int32(_SC_PAGESIZE))

  static func pageRounded(_ byteCount: Int) -> Int { (byteCount + pageByteCount - 1) & ~(pageByteCount - 1) }

  private static func mapPages(byteCount: Int) -> UnsafeMutableRawPointer {
    let memory = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      preconditionFailure("out of memory: \(byteCount) bytes of pages")
    }
    return unsafe memory
  }

  /// Gives back memory from `map`, to the system.
  public static func unmap(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    let result = unsafe munmap(memory, byteCount)
    precondition(result == 0, "cannot give back \(byteCount) bytes: error \(errno)")
  }

  /// Takes so many bytes of the heap and never gives them back, so that what comes after lies elsewhere.
  public static func shiftHeap(byByteCount byteCount: Int) {
    guard byteCount > 0 else { return }
    _ = unsafe malloc(byteCount)
  }
}
