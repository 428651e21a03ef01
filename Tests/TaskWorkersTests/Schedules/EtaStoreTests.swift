import Distributions
import DriverInterface
import Testing

@testable import TaskWorkers

@Suite struct EtaStoreTests {
  /// Arrays are the model: every message comes out whole, never early, at most a resolution late, in order for each destination, however
  /// often destinations refuse.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func everyMessageIsPublishedOnceInItsOrder(seed: UInt64) {
    var random = Xoshiro256(seed: seed)
    var now: Int64 = 1_000_000_000_000
    var store = EtaStore(now: now)
    var model: [EtaStore.Key: Message] = [:]
    var lastMoments: [UInt32: Int64] = [:]
    for step in 0..<20_000 {
      let place: Comment = "seed \(seed), step \(step)"
      let message = Message.random(number: step, after: now, using: &random)
      if let key = message.hold(in: &store) { model[key] = message }
      if step % 5 == 0, let (key, _) = model.randomElement(using: &random) {
        if store.cancel(key) { model[key] = nil }
      }
      guard step % 20 == 0 else { continue }
      now += .random(in: 0...1_000_000_000, using: &random)
      store.advance(to: now)
      let full = Set((0..<4 as Range<UInt32>).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
      var refusals: Set<UInt32> = []
      while let due = store.nextDue() {
        #expect(due.moment <= now, place)
        guard !full.contains(due.destination) else {
          #expect(refusals.insert(due.destination).inserted, "asked twice: \(place)")
          store.refused()
          continue
        }
        let key = model.first { $0.value.number == due.number }?.key
        let expected = key.flatMap { model.removeValue(forKey: $0) }
        #expect(expected?.bytes == due.bytes && expected?.moment == due.moment, place)
        #expect(expected?.destination == due.destination, place)
        #expect(due.moment >= lastMoments[due.destination] ?? .min, place)
        lastMoments[due.destination] = due.moment
        store.published()
      }
      let forgotten = model.values.filter { $0.moment <= now - (1 << 19) && !full.contains($0.destination) }
      #expect(forgotten.isEmpty, place)
      let count = store.count
      #expect(count == model.count, place)
    }
  }

  /// A destination without room used to hold up all others in such designs; and its messages must keep their order.
  @Test func fullDestinationHoldsUpNoOther() {
    var store = EtaStore(now: 0, resolution: 1)
    for number in 0..<6 {
      Message(number: number, destination: UInt32(number % 2), moment: Int64(number)).put(in: &store)
    }
    #expect(publish(&store, at: 3, except: [0]) == [1, 3])
    let (waiting, next) = (store.waitingCount, store.nextMoment)
    #expect(waiting == 2 && next == 4)
    #expect(publish(&store, at: 5, except: [0]) == [5])
    #expect(publish(&store, at: 5, except: []) == [0, 2, 4])
    #expect(publish(&store, at: 5, except: []) == [])
    let count = store.count
    #expect(count == 0)
  }

  /// A million due messages for a full queue wait, and leave when there is room for a few at a time.
  @Test func refusedMessagesLeaveAsRoomAppears() {
    var store = EtaStore(now: 0)
    for number in 0..<1000 { Message(number: number, destination: 7, moment: 5).put(in: &store) }
    store.advance(to: 1 << 20)
    var published: [Int] = []
    while published.count < 1000 {
      store.advance(to: 1 << 20)
      for _ in 0..<3 {
        guard let due = store.nextDue() else { break }
        published.append(due.number)
        store.published()
      }
      if store.nextDue() != nil { store.refused() }
      let count = store.count
      #expect(count == 1000 - published.count)
    }
    #expect(published == Array(0..<1000))
  }

  @Test func cancelledMessageIsNotPublished() throws {
    var store = EtaStore(now: 0, resolution: 1)
    let keys = (0..<3).map { Message(number: $0, destination: 0, moment: 10).hold(in: &store)! }
    let first = store.cancel(keys[1])
    let again = store.cancel(keys[1])
    #expect(first && !again)
    #expect(publish(&store, at: 10, except: []) == [0, 2])
    let late = store.cancel(keys[0])
    #expect(!late)
  }

  /// A message that is due and waits for room is as good as published.
  @Test func messageThatWaitsForRoomCannotBeCancelled() throws {
    var store = EtaStore(now: 0, resolution: 1)
    let key = Message(number: 1, destination: 0, moment: 10).hold(in: &store)!
    #expect(publish(&store, at: 10, except: [0]) == [])
    let cancelled = store.cancel(key)
    #expect(!cancelled)
    #expect(publish(&store, at: 10, except: []) == [1])
  }

  @Test func limitsRefuseAndAreCounted() {
    var few = EtaStore(now: 0, countLimit: 2, resolution: 1)
    let held = (0..<3).map { Message(number: $0, destination: 0, moment: 5).hold(in: &few) != nil }
    #expect(held == [true, true, false])
    #expect(publish(&few, at: 5, except: [0]) == [])
    let whileWaiting = Message(number: 3, destination: 0, moment: 5).hold(in: &few)
    let refused = few.refusedCount
    #expect(whileWaiting == nil && refused == 2)
    #expect(publish(&few, at: 5, except: []) == [0, 1])

    var small = EtaStore(now: 0, byteLimit: 1 << 18)
    var count = 0
    while Message(number: count, destination: 0, moment: 5).hold(in: &small) != nil { count += 1 }
    let smallRefused = small.refusedCount
    #expect(count > 1000 && smallRefused == 1)
  }

  @Test func emptyAndLargeMessagesAreHeldWhole() {
    var store = EtaStore(now: 0, resolution: 1)
    for byteCount in [0, 1, 8, 100, 32 << 10, 3 << 20] {
      let message = Message(
        number: 1, destination: 3, moment: 1, bytes: (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) })
      message.put(in: &store)
      store.advance(to: 1)
      let due = store.nextDue()
      #expect(due?.bytes == message.bytes)
      store.published()
    }
    store.trim()
    let rest = store.byteCountMapped
    #expect(rest == 0)
  }

  private func publish(_ store: inout EtaStore, at now: Int64, except full: Set<UInt32>) -> [Int] {
    store.advance(to: now)
    var numbers: [Int] = []
    while let due = store.nextDue() {
      if full.contains(due.destination) {
        store.refused()
      } else {
        numbers.append(due.number)
        store.published()
      }
    }
    return numbers
  }
}

/// A message that begins with its number.
private struct Message {
  let number: Int
  let destination: UInt32
  let moment: Int64
  var bytes: [UInt8]

  init(number: Int, destination: UInt32, moment: Int64, bytes: [UInt8]? = nil) {
    self.number = number
    self.destination = destination
    self.moment = moment
    self.bytes = bytes ?? (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  static func random(number: Int, after now: Int64, using random: inout Xoshiro256) -> Message {
    let reach = Int64(1) << Int64.random(in: 0...36, using: &random)
    var message = Message(
      number: number, destination: .random(in: 0..<4, using: &random),
      moment: now + .random(in: 1...reach, using: &random))
    message.bytes += (0..<Int.random(in: 0...300, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* number) }
    return message
  }

  func hold(in store: inout EtaStore) -> EtaStore.Key? {
    unsafe bytes.withUnsafeBytes { buffer in
      // An empty array may have no address.
      unsafe withUnsafePointer(to: 0) { nothing in
        let start = unsafe buffer.baseAddress ?? UnsafeRawPointer(nothing)
        return unsafe store.hold(MessageBody(start: start, count: buffer.count), destination: destination, due: moment)
      }
    }
  }

  func put(in store: inout EtaStore) { #expect(hold(in: &store) != nil) }
}

extension EtaStore.DueMessage {
  fileprivate var bytes: [UInt8] { unsafe Array(body.bytes) }
  fileprivate var number: Int { Int(body.word(at: 0)) }
}
