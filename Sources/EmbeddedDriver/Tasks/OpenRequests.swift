import WorkloadLoops

/// What a client has asked for, and what is still missing of it: results of the tasks that end it, entries of the books about all of
/// its tasks. Owned by the client's thread.
///
/// As many as the client may have outstanding, found by number in constant time; one whose place is taken by another is forgotten.
struct OpenRequests {
  /// How something ended that was asked for.
  enum Ending: Sendable {
    case succeeded, failed, expired, revoked
    /// A result was not what it should have been.
    case damaged
  }

  /// What is new about a request.
  enum Step: Equatable, Sendable {
    /// Nothing: nobody asked for it, or it was forgotten.
    case unknown
    /// It was known.
    case repeated
    /// Something, and something is still missing.
    case waiting
    /// All is there.
    case complete
  }

  /// One of them.
  struct Request: BitwiseCopyable, Sendable {
    /// Its number; 0 for none.
    var sequence: UInt64 = 0
    /// What it asked for.
    var kind = 0
    /// Bytes of the arguments of all tasks in it, before they are encoded.
    var byteCount = 0
    /// When it was sent.
    var sent: Int64 = 0
    /// When the last of its results came, or a task without one was done.
    var completed: Int64 = 0
    /// How it ended, so far.
    var ending = Ending.succeeded
    fileprivate var missingResults = 0
    fileprivate var missingEntries = 0
  }

  private var requests: [Request]
  /// By request: a bit for each task whose result came, then one for each that was entered.
  private var seen: [UInt64]
  private let wordCount: Int
  private let mask: Int
  /// Requests with all results there and entries missing: nobody rings a bell for these.
  private(set) var quietCount = 0

  /// Of up to `limit` requests, a power of two, of so many tasks each.
  init(limit: Int, memberCount: Int) {
    mask = limit - 1
    wordCount = (memberCount + 63) / 64
    requests = Array(repeating: Request(), count: limit)
    seen = Array(repeating: 0, count: limit * 2 * wordCount)
  }

  private func place(_ sequence: UInt64) -> Int { Int(truncatingIfNeeded: sequence) & mask }

  /// The request of a number; nil for one that is not remembered.
  subscript(_ sequence: UInt64) -> Request? {
    let request = requests[place(sequence)]
    return request.sequence == sequence ? request : nil
  }

  /// Something is asked for that so many results and entries belong to.
  mutating func open(
    _ sequence: UInt64, kind: Int, resultCount: Int, entryCount: Int, byteCount: Int = 0, sent: Int64
  ) {
    close(requests[place(sequence)].sequence)
    let place = place(sequence)
    var request = Request(sequence: sequence, kind: kind, byteCount: byteCount, sent: sent)
    request.missingResults = resultCount
    request.missingEntries = entryCount
    requests[place] = request
    for word in place * 2 * wordCount..<(place + 1) * 2 * wordCount { seen[word] = 0 }
    if resultCount == 0, entryCount > 0 { quietCount += 1 }
  }

  /// Forgets a request.
  mutating func close(_ sequence: UInt64) {
    let place = place(sequence)
    guard sequence != 0, requests[place].sequence == sequence else { return }
    if requests[place].missingResults == 0, requests[place].missingEntries > 0 { quietCount -= 1 }
    requests[place] = Request()
  }

  /// A result came of a task that ends it.
  mutating func take(resultOf member: Int, of sequence: UInt64, _ ending: Ending, at now: Int64) -> Step {
    let place = place(sequence)
    guard sequence != 0, requests[place].sequence == sequence else { return .unknown }
    guard mark(member, at: place, word: 0), requests[place].missingResults > 0 else { return .repeated }
    requests[place].missingResults -= 1
    requests[place].completed = now
    requests[place].note(ending)
    guard requests[place].missingResults == 0 else { return .waiting }
    if requests[place].missingEntries == 0 { return .complete }
    quietCount += 1
    return .waiting
  }

  /// An entry about one of its tasks. That of a task without a result says how and when the request ended.
  mutating func take(entryOf member: Int, of sequence: UInt64, _ ending: Ending, isLast: Bool, at now: Int64) -> Step {
    let place = place(sequence)
    guard sequence != 0, requests[place].sequence == sequence else { return .unknown }
    guard mark(member, at: place, word: wordCount), requests[place].missingEntries > 0 else { return .repeated }
    requests[place].missingEntries -= 1
    if isLast {
      requests[place].completed = now
      requests[place].note(ending)
    }
    guard requests[place].missingEntries == 0, requests[place].missingResults == 0 else { return .waiting }
    quietCount -= 1
    return .complete
  }

  /// Whether this is the first time.
  private mutating func mark(_ member: Int, at place: Int, word: Int) -> Bool {
    guard member < wordCount * 64 else { return false }
    let index = place * 2 * wordCount + word + member / 64
    let bit: UInt64 = 1 << UInt64(member % 64)
    guard seen[index] & bit == 0 else { return false }
    seen[index] |= bit
    return true
  }
}

extension OpenRequests.Request {
  /// The first thing that goes wrong decides.
  fileprivate mutating func note(_ other: OpenRequests.Ending) {
    if ending == .succeeded { ending = other }
  }
}
