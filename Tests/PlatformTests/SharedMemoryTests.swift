import Glibc
import Testing

@testable import Platform

@Suite struct SharedMemoryTests {
  @Test func secondMappingIsTheSameMemoryElsewhere() throws {
    let one = try SharedMemory(byteCount: 5000)
    let other = try SharedMemory(attaching: .duplicate(one.descriptor.number, atLeast: 10))
    let (here, there) = unsafe (one.bytes, other.bytes)
    #expect(unsafe here.baseAddress != there.baseAddress)
    #expect(here.count == there.count && here.count >= 5000 && here.count % 4096 == 0)
    #expect(unsafe here.allSatisfy { $0 == 0 })
    unsafe here[4999] = 7
    #expect(unsafe there[4999] == 7)
  }

  @Test func prefaultingKeepsWhatIsThere() throws {
    let memory = try SharedMemory(byteCount: 1 << 20)
    unsafe memory.bytes[70_000] = 9
    let before = ResourceUsage.currentThread().minorFaultCount
    memory.prefault()
    #expect(unsafe memory.bytes[70_000] == 9)
    let middle = ResourceUsage.currentThread().minorFaultCount
    for page in stride(from: 0, to: 1 << 20, by: 4096) { unsafe memory.bytes[page] = 1 }
    let after = ResourceUsage.currentThread().minorFaultCount
    #expect(after - middle < 10, "\(middle - before) faults while prefaulting, \(after - middle) later")
  }

  @Test func nobodyCanChangeItsSize() throws {
    let memory = try SharedMemory(byteCount: 4096)
    #expect(ftruncate(memory.descriptor.number, 0) == -1 && errno == EPERM)
    #expect(ftruncate(memory.descriptor.number, 8192) == -1 && errno == EPERM)
  }

  @Test func refusesDescriptorsThatCouldShrink() throws {
    let file = try OwnedDescriptor.open("/dev/null", O_RDWR)
    #expect(throws: SystemError.self) { try SharedMemory(attaching: file) }
    #expect(throws: SystemError.self) { try SharedMemory(attaching: OwnedDescriptor(adopting: -1)) }
  }

  @Test func childSeesWhatItsParentWroteAndTheOtherWayRound() throws {
    let memory = try SharedMemory(byteCount: 4096)
    unsafe memory.bytes.copyBytes(from: Array("hello".utf8))
    let pipe = try OwnedDescriptor.pipe()
    var launch = ChildProcess.Launch(
      executable: "/bin/bash", arguments: ["-c", "head -c 5 /proc/self/fd/9; printf olleh 1<>/proc/self/fd/9"])
    launch.inherited = [9: memory.descriptor.number]
    launch.standardOutput = .descriptor(pipe.writing.number)
    let child = try ChildProcess(launch)
    pipe.writing.close()
    #expect(child.wait()?.outcome == .exited(code: 0))
    #expect(try pipe.reading.read() == .bytes(Array("hello".utf8)))
    #expect(unsafe Array(memory.bytes.prefix(5)) == Array("olleh".utf8))
  }
}
