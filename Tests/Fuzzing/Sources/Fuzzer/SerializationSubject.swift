import Serialization

/// Decodes an input as any value and as a task message; what is decoded survives being encoded and decoded again.
enum SerializationSubject {
  /// So small that an input which gets more memory than they allow is seen by libFuzzer's limit.
  static let limits = DecodingLimits(depth: 64, length: 1 << 20, allocation: 16 << 20)

  static func make(_ serializer: Serializer) -> @Sendable (UnsafeRawBufferPointer) -> Void {
    { input in
      let bytes = BorrowedBytes(input)
      if let value = try? serializer.decode(SerializedValue.self, from: bytes, limits: limits) {
        repeatAny(value, by: serializer)
      }
      if let message = try? serializer.decode(TaskMessage.self, from: bytes, limits: limits) {
        _ = try? serializer.document(message)
      }
      if serializer != .raw { _ = try? serializer.decode(codable: TaskMessage.self, from: bytes, limits: limits) }
    }
  }

  private static func repeatAny(_ value: SerializedValue, by serializer: Serializer) {
    do {
      let document = try serializer.document(value)
      let back = try serializer.decode(SerializedValue.self, from: document)
      precondition(back.isIdentical(to: value), "\(serializer): \(value) became \(back)")
    } catch {
      // What a document says in a way that we do not write: YAML's readers and writers have rules of their own for keys.
      guard serializer == .yaml, error.reason == .unsupported else { fatalError("\(serializer): \(value): \(error)") }
    }
  }
}
