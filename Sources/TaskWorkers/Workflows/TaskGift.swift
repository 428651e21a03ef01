import Serialization

/// What a task is given by those before it.
enum TaskGift {
  /// What they returned.
  case input(TaskInput)
  /// Why they failed. Serialized as the arguments of whoever gets it, since its worker accepts that.
  case failure(TaskFailure)

  /// What the message of this signature carries.
  func input(of signature: Signature) -> TaskInput {
    switch self {
    case .input(let input): input
    case .failure(let failure): .single(TaskInput.Part(failure, signature.arguments.serializer))
    }
  }
}

extension TaskInput.Part {
  /// A result.
  init(_ result: SerializedBytes) {
    self.init(
      serializerCode: result.serializer.code, compressionCode: result.compression.code, bytes: result.bytes)
  }

  /// What errbacks get.
  init(_ failure: TaskFailure, _ serializer: Serializer) {
    var writer = ByteWriter()
    // A record of texts has a form in all of them; only a text of gigabytes has none, and then the errback gets no input.
    do { try serializer.encode(failure, into: &writer) } catch { writer.removeAll() }
    self.init(serializerCode: serializer.code, bytes: writer.copied())
  }
}
