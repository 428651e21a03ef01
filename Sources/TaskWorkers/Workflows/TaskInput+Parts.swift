import Serialization

extension TaskInput.Part {
  /// A result.
  init(_ result: SerializedBytes) {
    self.init(
      serializerCode: result.serializer.code, compressionCode: result.compression.code, bytes: result.bytes)
  }

  /// What errbacks get.
  init(_ failure: TaskFailure, _ serializer: Serializer) {
    var writer = ByteWriter()
    // A record of texts has a form in every format; only a text of gigabytes has none, and then the errback gets no input.
    do { try serializer.encode(failure, into: &writer) } catch { writer.removeAll() }
    self.init(serializerCode: serializer.code, bytes: writer.copied())
  }
}
