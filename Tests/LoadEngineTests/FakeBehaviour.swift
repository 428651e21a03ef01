/// What a fake subject pretends in one phase.
struct FakeBehaviour: Sendable {
  /// When the producer's part is over.
  enum Ending: Sendable {
    /// As soon as everything is sent.
    case whenSent
    /// When the engine asks it to stop sending; it sends until then.
    case whenAskedToStop
    /// When nobody receives any more: it is held up for good.
    case whenReceivingIsOver
  }

  /// Messages that the plan asks for.
  var scheduledCount = 1000
  /// Messages of those that are not sent.
  var unsentCount = 0
  /// The first messages of the phase, which never arrive.
  var lostCount = 0
  var duplicatedCount = 0
  var reorderedCount = 0
  var corruptedCount = 0
  /// What every message takes, in nanoseconds.
  var sendDelayNanoseconds: Int64 = 100
  var serviceTimeNanoseconds: Int64 = 100_000_000
  /// When the last message is said to have been sent and received, from the start of the phase.
  var lastSendNanoseconds: Int64 = 1_000_000_000
  var lastReceptionNanoseconds: Int64 = 1_000_000_000
  /// How many parts the messages are sent in, a few milliseconds apart.
  var partCount = 1
  /// Whether messages arrive one by one, a fraction of a millisecond apart.
  var trickles = false
  var ending = Ending.whenSent
}
