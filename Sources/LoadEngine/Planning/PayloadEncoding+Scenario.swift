import ScenarioModel
import Serialization
import WorkloadLoops

extension PayloadEncoding {
  /// What the scenario says; both sides use the same words.
  init(_ encoding: Scenario.Encoding) {
    guard let serializer = Serializer(rawValue: encoding.serializer.rawValue),
      let compression = Compression(rawValue: encoding.compression.rawValue)
    else { preconditionFailure("the scenario knows an encoding that there is not: \(encoding)") }
    self.init(shape: PayloadShape(encoding.shape), serializer: serializer, compression: compression)
  }
}

extension PayloadShape {
  fileprivate init(_ shape: Scenario.PayloadShape) {
    switch shape {
    case .bytes: self = .bytes
    case .record: self = .record
    case .text: self = .text
    case .numbers: self = .numbers
    }
  }
}
