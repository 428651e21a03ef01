import DriverInterface
import ResultModel

/// What the process of a trial tells its parent. Each message is a header of 8 bytes (version, kind, two zeros, the length
/// of the body in little-endian order) and a body of JSON.
enum TrialMessage: Equatable {
  /// Where the trial stands, about once per interval.
  case progress(ProgressSnapshot)
  /// The trial is over; the last message.
  case outcome(TrialOutcome)
  /// The trial could not be run; the last message.
  case refused(TrialRefusal)

  static let version = TrialProtocol.version
  static let headerByteCount = 8
  /// No trial has more to tell; what claims to is no message.
  static let bodyByteCountMax = 1 << 30

  private var kind: UInt8 {
    switch self {
    case .progress: 1
    case .outcome: 2
    case .refused: 3
    }
  }

  /// The message as it goes through the pipe.
  func encoded() throws -> [UInt8] {
    let body =
      switch self {
      case .progress(let snapshot): try ResultCoding.encode(snapshot)
      case .outcome(let outcome): try ResultCoding.encode(outcome)
      case .refused(let refusal): try ResultCoding.encode(refusal)
      }
    let length = UInt32(body.count)
    return [Self.version, kind, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + body
  }

  init(kind: UInt8, body: some Sequence<UInt8>) throws {
    switch kind {
    case 1: self = .progress(try ResultCoding.decode(ProgressSnapshot.self, from: body))
    case 2: self = .outcome(try ResultCoding.decode(TrialOutcome.self, from: body))
    case 3: self = .refused(try ResultCoding.decode(TrialRefusal.self, from: body))
    default: throw TrialMessageError.unknownKind(kind)
    }
  }
}

/// Why bytes from the process of a trial are no message.
enum TrialMessageError: Error, Equatable, CustomStringConvertible {
  case unknownVersion(UInt8)
  case unknownKind(UInt8)
  case tooLong(Int)

  var description: String {
    switch self {
    case .unknownVersion(let version): "the trial's process speaks version \(version), not \(TrialMessage.version)"
    case .unknownKind(let kind): "the trial's process sent a message of the unknown kind \(kind)"
    case .tooLong(let length): "the trial's process announced a message of \(length) bytes"
    }
  }
}

/// Why a trial could not be run, in a form that travels.
struct TrialRefusal: Codable, Equatable {
  enum Code: String, Codable { case notSupported, refused, unavailable, system }

  var code: Code
  var message: String

  init(_ error: any Error) {
    code =
      switch (error as? DriverError)?.code {
      case .notSupported: .notSupported
      case .refused: .refused
      case .unavailable: .unavailable
      case nil: .system
      }
    message = "\(error)"
  }

  /// The error as it was thrown in the trial's process, near enough.
  var error: any Error {
    switch code {
    case .notSupported: DriverError(.notSupported, message)
    case .refused: DriverError(.refused, message)
    case .unavailable: DriverError(.unavailable, message)
    case .system: TrialFailure(message: message)
    }
  }
}

/// Why a trial could not be run at all, in a sentence.
public struct TrialFailure: Error, Equatable, CustomStringConvertible {
  /// What happened.
  public var message: String
  /// The same.
  public var description: String { message }
}
