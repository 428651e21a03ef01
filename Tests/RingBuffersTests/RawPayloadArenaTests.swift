import Testing

@testable import RingBuffers

@Suite struct RawPayloadArenaTests {
  /// Every range of units on pages of 1 to 16 units: nothing outside of the range, and no whole page less.
  @Test func onlyWholePagesInsideAreDiscarded() {
    for pageByteCount in [64, 128, 1024] {
      for start in 0...40 {
        for end in start...40 {
          let bytes = start << 6..<end << 6
          let pages = RawPayloadArena.wholePages(in: bytes, pageByteCount: pageByteCount)
          let expected = (0..<64).map { $0 * pageByteCount }.filter {
            $0 >= bytes.lowerBound && $0 + pageByteCount <= bytes.upperBound
          }
          #expect(Array(stride(from: pages.lowerBound, to: pages.upperBound, by: pageByteCount)) == expected)
          #expect(pages.count % pageByteCount == 0)
        }
      }
    }
  }
}
