import Platform
import Testing

@Suite struct AlignedMemoryTests {
  @Test func memoryIsAlignedAndZero() {
    for alignment in [8, 16, 64, 128, 4096] {
      for byteCount in [1, 7, 127, 128, 129, 5000, 100_000] {
        let memory = unsafe AlignedMemory.allocate(byteCount: byteCount, alignment: alignment)
        let offset = UInt(bitPattern: memory) % UInt(alignment)
        #expect(offset == 0, "\(byteCount) bytes on \(alignment)")
        let isZero = unsafe UnsafeRawBufferPointer(start: memory, count: byteCount).allSatisfy { $0 == 0 }
        #expect(isZero)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: byteCount)
        unsafe AlignedMemory.deallocate(memory)
      }
    }
  }

  @Test func boundaryIsALineAndItsNeighbourUnlessAskedOtherwise() {
    let memory = unsafe AlignedMemory.allocate(byteCount: 1)
    let offset = UInt(bitPattern: memory) % UInt(AlignedMemory.lineByteCount)
    #expect(offset == 0)
    unsafe AlignedMemory.deallocate(memory)
  }
}
