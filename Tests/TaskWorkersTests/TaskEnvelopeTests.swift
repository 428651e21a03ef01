import Distributions
import DriverInterface
import Serialization
import TaskWorkers
import Testing

@Suite struct TaskEnvelopeTests {
  @Test func carriesEveryFieldOfMessageProtocol2() throws {
    let message = TaskMessage.full()
    #expect(try message.encoded().taskMessage == message)
  }

  @Test func carriesAPlainMessage() throws {
    let message = TaskMessage("noop", identifier: TaskIdentifier(high: 1, low: 2), arguments: .raw())
    #expect(try message.encoded().taskMessage == message)
    #expect(try message.encoded().count == 96)
  }

  /// Every combination of a few optional fields: each is found behind any others.
  @Test func findsEachFieldAmongAnyOthers() throws {
    let full = TaskMessage.full()
    for choice in 0..<64 {
      var message = TaskMessage("noop", identifier: .none, arguments: .raw([1]))
      if choice & 1 != 0 { message.relations.root = full.relations.root }
      if choice & 2 != 0 { message.relations.groupIndex = 7 }
      if choice & 4 != 0 { message.queue = "" }
      if choice & 8 != 0 { message.headers = full.headers }
      if choice & 16 != 0 { message.chain = full.chain }
      if choice & 32 != 0 { message.chord = full.chord }
      #expect(try message.encoded().taskMessage == message)
    }
  }

  @Test func refusesEveryTruncation() throws {
    let bytes = try TaskMessage.full().encoded()
    for count in 0..<bytes.count {
      #expect(Array(bytes[..<count]).taskMessage == nil, "\(count) of \(bytes.count) bytes")
    }
    #expect((bytes + [0]).taskMessage == nil)
  }

  /// A flipped bit is refused or read as something else; whatever it is, all of it can be read without a trap.
  @Test func readsOrRefusesEveryFlippedBit() throws {
    let bytes = try TaskMessage.full().encoded()
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      if let message = damaged.taskMessage { _ = try message.encoded() }
    }
  }

  /// Several random bytes at a time, with lengths likely among them, of several messages.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func readsOrRefusesRandomDamage(seed: UInt64) throws {
    var random = Xoshiro256(seed: seed)
    let samples = try [TaskMessage.full(), TaskMessage("noop", identifier: .none, arguments: .raw([1, 2]))].map {
      try $0.encoded()
    }
    let values: [UInt8] = [0, 1, 2, 4, 7, 8, 16, 127, 128, 255]
    for _ in 0..<20_000 {
      var bytes = samples[Int.random(in: 0..<samples.count, using: &random)]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = values.randomElement(using: &random) ?? 0
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...8, using: &random)) }
      if let message = bytes.taskMessage { _ = message.headers.count }
    }
  }

  @Test func refusesAnotherVersion() throws {
    var bytes = try TaskMessage("noop", identifier: .none, arguments: .raw()).encoded()
    bytes[3] = UInt8(ascii: "2")
    #expect(bytes.taskMessage == nil)
  }

  @Test func refusesToWriteAMessageWithoutAName() {
    #expect(throws: TaskMessageError.nameByteCount(0)) {
      try TaskMessage("", identifier: .none, arguments: .raw()).encoded()
    }
  }

  @Test func refusesToWriteAMessageLargerThanTheLimit() {
    let arguments = SerializedBytes.raw([UInt8](repeating: 0, count: TaskEnvelope.byteCountLimit))
    #expect(throws: TaskMessageError.tooLarge) {
      try TaskMessage("noop", identifier: .none, arguments: arguments).encoded()
    }
  }

  @Test func refusesSignaturesNestedTooDeep() {
    var signature = Signature("noop", arguments: .raw())
    for _ in 0..<Signature.depthLimit {
      var outer = Signature("noop", arguments: .raw())
      outer.options.link = [signature]
      signature = outer
    }
    var message = TaskMessage("noop", identifier: .none, arguments: .raw())
    message.callbacks = [signature]
    #expect(throws: TaskMessageError.nestedTooDeep) { try message.encoded() }
    message.callbacks = signature.options.link
    #expect(throws: Never.self) { try message.encoded() }
  }
}
