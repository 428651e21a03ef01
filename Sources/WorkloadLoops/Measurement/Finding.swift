/// One violation that a worker saw: what kind, and which message.
public struct Finding: Sendable, Equatable {
  /// What is wrong, by the words that reports use.
  public enum Kind: String, Sendable, CaseIterable {
    /// Accepted and never received, or not answered in time.
    case lost
    /// Received twice without the redelivered flag.
    case duplicated
    /// Received behind a later one.
    case reordered
    /// Received otherwise than it was sent.
    case corrupted
  }

  /// What is wrong.
  public var kind: Kind
  /// The message, as far as it can be told; a corrupted one may not even carry its own number.
  public var number: SequenceNumber?
  /// What else there is to say, as the end of a sentence that begins with the message. May be empty.
  public var words: String

  /// Creates a finding.
  public init(kind: Kind, number: SequenceNumber?, words: String) {
    self.kind = kind
    self.number = number
    self.words = words
  }

  /// In words, with the names of the streams: `lost: producer.0 #123456 never arrived`.
  public func text(streamNames: [String]) -> String {
    var parts = ["\(kind.rawValue):"]
    if let number { parts.append(number.text(streamNames: streamNames)) }
    if !words.isEmpty { parts.append(words) }
    return parts.joined(separator: " ")
  }
}

extension SequenceNumber {
  /// The message in words, with the names of the streams: `producer.0 #123456`.
  public func text(streamNames: [String]) -> String {
    "\(stream < streamNames.count ? streamNames[stream] : "stream \(stream)") #\(sequence)"
  }
}
