/// The formats that a message's content can be written in.
@frozen
public enum Serializer: String, CaseIterable, Sendable {
  /// RFC 8259.
  case json
  /// YAML 1.2.
  case yaml
  /// MessagePack, with extension types.
  case messagepack
  /// Apple's binary property list.
  case plist
  /// RFC 8949.
  case cbor
  /// Protocol Buffers.
  case protobuf
  /// A binary layout without names, for a reader that has the same type; of plain bytes, the bytes.
  case raw

  /// The byte that stands for it in a message; never changes. 0 stands for none.
  @inlinable
  public var code: UInt8 {
    switch self {
    case .json: 1
    case .yaml: 2
    case .messagepack: 3
    case .plist: 4
    case .cbor: 5
    case .protobuf: 6
    case .raw: 7
    }
  }

  /// The serializer of a code, nil for an unknown one.
  @inlinable
  public init?(code: UInt8) {
    switch code {
    case 1: self = .json
    case 2: self = .yaml
    case 3: self = .messagepack
    case 4: self = .plist
    case 5: self = .cbor
    case 6: self = .protobuf
    case 7: self = .raw
    default: return nil
    }
  }

  /// The content type that travels with a message.
  public var contentType: String {
    switch self {
    case .json: "application/json"
    case .yaml: "application/x-yaml"
    case .messagepack: "application/x-msgpack"
    case .plist: "application/x-plist"
    case .cbor: "application/cbor"
    case .protobuf: "application/x-protobuf"
    case .raw: "application/octet-stream"
    }
  }

  /// The serializer of a content type, under any name in use for it, in any case and with any parameters; nil for an
  /// unknown one.
  public init?(contentType: String) {
    let name = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    switch name {
    case "application/json": self = .json
    case "application/x-yaml", "application/yaml", "text/yaml", "text/x-yaml": self = .yaml
    case "application/x-msgpack", "application/msgpack", "application/vnd.msgpack": self = .messagepack
    case "application/x-plist", "application/x-bplist": self = .plist
    case "application/cbor": self = .cbor
    case "application/x-protobuf", "application/protobuf", "application/vnd.google.protobuf": self = .protobuf
    case "application/octet-stream", "application/data": self = .raw
    default: return nil
    }
  }
}
