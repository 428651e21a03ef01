/// So many messages at once, every so often, shared by several producers: message N of all is due with burst N / size, and
/// producer k of n sends the messages k + i n.
@frozen
public struct BurstArrivals: ArrivalSchedule {
  @usableFromInline let messageCount: Int64
  @usableFromInline let periodNanoseconds: Int64
  @usableFromInline let stepPeriods: Int64
  @usableFromInline let stepPlaces: Int64
  @usableFromInline let producerCount: Int64
  /// When the next message is due, and which of its burst it is.
  @usableFromInline var due: Int64
  @usableFromInline var place: Int64

  /// The share of one producer.
  ///
  /// - Parameters:
  ///   - messageCount: Messages of a burst, of all producers together; at least 1.
  ///   - periodNanoseconds: Time between two bursts; the first is at 0.
  ///   - producer: This producer's number, from 0.
  ///   - count: How many producers share the bursts.
  public init(messageCount: Int64, periodNanoseconds: Int64, producer: Int = 0, of count: Int = 1) {
    precondition(messageCount >= 1 && periodNanoseconds >= 1, "\(messageCount) messages every \(periodNanoseconds) ns")
    precondition(count >= 1 && (0..<count).contains(producer), "producer \(producer) of \(count)")
    self.messageCount = messageCount
    self.periodNanoseconds = periodNanoseconds
    producerCount = Int64(count)
    let (periods, places) = Int64(count).quotientAndRemainder(dividingBy: messageCount)
    (stepPeriods, stepPlaces) = (periods * periodNanoseconds, places)
    let (burst, place) = Int64(producer).quotientAndRemainder(dividingBy: messageCount)
    due = burst * periodNanoseconds
    self.place = place
  }

  /// The next intended offset, in nanoseconds. Two additions and a comparison.
  @inlinable
  public mutating func next() -> Int64 {
    let offset = due
    due &+= stepPeriods
    place &+= stepPlaces
    if place >= messageCount {
      place &-= messageCount
      due &+= periodNanoseconds
    }
    return offset
  }

  public func takeCount(before offset: Int64) -> Int {
    guard offset > due else { return 0 }
    let bursts = Int128((offset - 1 - due) / periodNanoseconds + 1)
    let missing = bursts * Int128(messageCount) - Int128(place)
    return Int(clamping: (missing + Int128(producerCount) - 1) / Int128(producerCount))
  }
}
