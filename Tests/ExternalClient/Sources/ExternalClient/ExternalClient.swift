import DriverInterface
import EmbeddedDriver
import Histograms
import MessageBroker
import RingBuffers
import Serialization
import Statistics
import TaskWorkers

/// Uses every library product from outside the package, each for what it is there for.
@main
struct ExternalClient {
  static func main() throws {
    try sendThroughTheBroker()
    try TaskExample.run()
    sendThroughARing()
    summarizeLatencies()
    makeADriver()
    try writeInEveryFormat()
    try writeAndCompress()
    try describeATask()
    print("ExternalClient: all library products work from outside")
  }

  /// The example of README.md.
  static func sendThroughTheBroker() throws {
    let broker = Broker()
    try broker.declareQueue("orders")
    var shop = try broker.openSession()
    let orders = try shop.route(exchange: "", key: "orders")
    let outcome = shop.publish(Array("two apples".utf8), route: orders, now: 0)
    precondition(outcome == .accepted, "the queue has room")

    var worker = try broker.openSession()
    _ = try worker.consume(queue: "orders", prefetch: 16)
    for index in 0..<worker.poll(limit: 16) {
      let delivery = worker.delivery(at: index)
      print("received:", String(decoding: delivery.body.copied(), as: UTF8.self))
      try worker.acknowledge(delivery.deliveryTag)
    }

    precondition(broker.listQueues().first?.totals.acknowledged == 1, "the message was delivered and acknowledged")
    precondition(broker.listQueues().first?.messages == 0, "nothing is left")
  }

  /// One thread plays both roles; each end is a value that a thread of its own could own.
  static func sendThroughARing() {
    let ring = SingleProducerRing<UInt64>(capacity: 8)
    var producer = ring.makeProducer()
    var consumer = ring.makeConsumer()
    for number in 0..<8 as Range<UInt64> {
      let pushed = producer.tryPush(number)
      precondition(pushed, "the ring has room for eight")
    }
    var sum: UInt64 = 0
    while let number = consumer.tryPop() { sum += number }
    precondition(sum == 28, "everything came out once")
  }

  /// A task's message, as a client makes it and a worker reads it.
  static func describeATask() throws {
    var identifiers = TaskIdentifierSource(seed: 1)
    let arguments = SerializedBytes([1, 2, 3], serializer: .raw)
    let signature = Signature(
      "images.resize", arguments: arguments, options: ApplyOptions { $0.countdown = .seconds(5) })
    let message = signature.message(identifier: identifiers.next(), now: 1_000)
    precondition(message.eta == 5_000_001_000, "the countdown counts from the moment of sending")
    let bytes = try message.encoded()
    precondition(!bytes.isEmpty, "it has a form in bytes")
  }

  static func summarizeLatencies() {
    var histogram = LatencyHistogram()
    for nanoseconds in 1...1000 as ClosedRange<Int64> { histogram.record(nanoseconds) }
    precondition(histogram.value(atPercentile: 50) == 500, "three digits are exact up to 2047")
    precondition(PercentileInterval.isSupported(count: histogram.count, percentile: 99), "ten samples lie above it")
  }

  /// What a harness asks a driver before it runs anything.
  static func makeADriver() {
    let driver = EmbeddedSubject()
    precondition(driver.name == "embedded")
    precondition(driver.capabilities.requestReply && driver.capabilities.rings, "it can do all there is")
    precondition(driver.statistics().queues.isEmpty, "nothing is declared yet")
  }

  /// The examples of the page of Serialization.
  static func writeAndCompress() throws {
    var bytes = ByteWriter(capacity: 256)
    try Serializer.messagepack.encode([1, 2, 3], into: &bytes)
    let numbers = try Serializer.messagepack.decode([Int].self, from: bytes.copied())
    precondition(numbers == [1, 2, 3], "it came back as it was")

    var compressor = try Compressor(.zstd)
    var packed = ByteWriter(capacity: 1024)
    try compressor.compress(bytes.bytes, into: &packed)
    var decompressor = try Decompressor(.zstd)
    var plain = ByteWriter(capacity: 256)
    try decompressor.decompress(packed.bytes, into: &plain)
    precondition(plain.copied() == bytes.copied(), "it came back as it was")
  }

  /// A type of one's own in the formats with a codec of their own, and read back without the type.
  static func writeInEveryFormat() throws {
    let order = Order(fruit: "apples", count: 2)
    var bytes = ByteWriter()
    for serializer in [Serializer.json, .messagepack, .cbor, .raw] {
      bytes.removeAll()
      try serializer.encode(order, into: &bytes)
      let back = try serializer.decode(Order.self, from: bytes.bytes)
      precondition(back == order, "it came back as it was")
      guard serializer != .raw else { continue }
      let value = try serializer.decode(SerializedValue.self, from: bytes.bytes)
      precondition(value == ["fruit": "apples", "count": 2], "the names are in the document")
    }
  }
}

struct Order: SerializableValue, Equatable {
  static let fields: FieldNames = ["fruit", "count"]
  var fruit = ""
  var count = 0

  init(fruit: String, count: Int) {
    self.fruit = fruit
    self.count = count
  }

  func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("fruit", fruit)
    writer.field("count", count)
    writer.endRecord()
  }

  init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: fruit = try reader.string()
      default: count = try reader.value(Int.self)
      }
    }
  }
}
