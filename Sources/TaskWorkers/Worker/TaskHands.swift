import DriverInterface
import Serialization

/// One task that is done elsewhere than on the worker's thread.
///
/// Used again for other tasks; what it holds is valid while it is in hand.
final class TaskHand {
  let slot: Int
  var task = TaskInHand(correlation: 0, replyTo: 0)
  /// Its message: where the broker has it, or in `copy` once that is acknowledged.
  var body: MessageBody
  var copy: ByteWriter
  /// How often its message had come back when it was taken.
  var returnCount = 0
  var start: Int64 = 0
  /// Its number as an attempt; 0 while it has not begun.
  var attempt: UInt64 = 0
  /// An asynchronous attempt's share in it.
  var asynchronous: AsyncAttempt?
  /// The others of the batch in a lane that it is the first of, and called by; nil when it is none.
  var followers: [TaskHand]?
  /// Whether a lane does it together with others.
  var isInBatch = false

  init(slot: Int) {
    self.slot = slot
    copy = ByteWriter(capacity: 256, limit: TaskEnvelope.byteCountLimit)
    body = unsafe MessageBody(start: copy.bytes.start, count: 0)
  }

  var envelope: TaskEnvelope { TaskEnvelope(unchecked: body) }

  /// Makes the message independent of the broker.
  func keepCopy() {
    copy.removeAll()
    unsafe copy.append(BorrowedBytes(body.bytes))
    body = unsafe MessageBody(start: copy.bytes.start, count: copy.count)
  }
}

/// The tasks of a worker that are done elsewhere, by slot: those that wait for a place, and those that have one.
@usableFromInline
struct TaskHands {
  private var hands: [TaskHand] = []
  private var free: [Int] = []
  private var waiting: [Int] = []
  private var waitingHead = 0
  /// How many have a place elsewhere.
  @usableFromInline private(set) var begunCount = 0

  /// How many wait for a place.
  @usableFromInline var waitingCount: Int { waiting.count - waitingHead }
  /// How many there are.
  @usableFromInline var count: Int { hands.count - free.count }

  /// Takes a task in hand; it waits for a place.
  mutating func add(_ task: TaskInHand, _ message: ReceivedMessage) { waiting.append(addAside(task, message)) }

  /// Takes a task in hand that waits for no place; returns its slot.
  mutating func addAside(_ task: TaskInHand, _ message: ReceivedMessage) -> Int {
    let slot = free.popLast() ?? hands.count
    if slot == hands.count { hands.append(TaskHand(slot: slot)) }
    hands[slot].task = task
    hands[slot].body = message.body
    hands[slot].returnCount = message.returnCount
    hands[slot].attempt = 0
    hands[slot].start = 0
    return slot
  }

  /// A task that waited for no place begins.
  mutating func noteBeginning() { begunCount += 1 }

  /// The task that has waited longest for a place.
  var firstWaiting: TaskHand? { waitingCount == 0 ? nil : hands[waiting[waitingHead]] }

  /// It has got one, or will never.
  mutating func removeFirstWaiting(hasBegun: Bool) {
    waitingHead += 1
    if hasBegun { begunCount += 1 }
    guard waitingHead == waiting.count else { return }
    waiting.removeAll(keepingCapacity: true)
    waitingHead = 0
  }

  subscript(slot: Int) -> TaskHand { hands[slot] }

  /// The task is over.
  mutating func release(_ hand: TaskHand) {
    if hand.attempt != 0 { begunCount -= 1 }
    hand.asynchronous = nil
    hand.followers = nil
    hand.isInBatch = false
    free.append(hand.slot)
  }

  /// All tasks in hand.
  var all: [TaskHand] {
    let unused = Set(free)
    return hands.filter { !unused.contains($0.slot) }
  }
}
