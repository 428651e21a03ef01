import Foundation
import Serialization

/// What libFuzzer calls with each input. `RINGSIDE_FUZZ` names the decoder that gets it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  subject(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}

/// The decoder under test; each call is one input.
private let subject: @Sendable (UnsafeRawBufferPointer) -> Void = {
  let name = ProcessInfo.processInfo.environment["RINGSIDE_FUZZ"] ?? ""
  if let compression = Compression(rawValue: name) { return DecompressionSubject.make(compression) }
  if let serializer = Serializer(rawValue: name) { return SerializationSubject.make(serializer) }
  if let message = TaskMessageSubject(rawValue: name) { return message.make() }
  fatalError("RINGSIDE_FUZZ=\(name) is no decoder")
}()
