import Distributions
import MessageBroker
import Testing

@Suite struct HeadersTests {
  let broker = Broker()

  func session(publishBatch: Int = 1) throws -> SessionBox {
    SessionBox(try broker.openSession(SessionOptions(publishBatch: publishBatch)))
  }

  static let everyType: FieldTable = [
    "string": "größe", "empty": "", "integer": -7, "large": .integer(.min), "double": 0.1, "yes": true, "no": false,
    "binary": .binary([0, 255, 7]), "list": [1, "two", [3.0, .void], ["four": 4]],
    "table": ["inner": ["deep": true]], "time": .timestamp(secondsSince1970: 1_700_000_000), "nothing": .void,
    "no list": [], "no table": [:],
  ]

  @Test func everyTypeOfValueArrivesAsItWas() throws {
    try broker.declareQueue("q", options: QueueOptions(maxLength: 4))
    let box = try session()
    let route = try box.session.route(exchange: "", key: "q", headers: Self.everyType)
    #expect(box.session.publish([1, 2, 3], route: route, now: 0) == .accepted)
    let delivery = try #require(try box.session.get(queue: "q"))
    #expect(delivery.headers.copied() == Self.everyType)
    for field in Self.everyType { #expect(delivery.headers[field.name] == field.value, "\(field.name)") }
    #expect(delivery.headers["unknown"] == nil && delivery.headers["strin"] == nil)
    #expect(delivery.body.copied() == [1, 2, 3])
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func randomTablesArriveAsTheyWere(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func value(_ depth: Int) -> FieldValue {
      switch random.below(depth < 4 ? 9 : 7) {
      case 0: .string(String(repeating: "é", count: random.below(20)))
      case 1: .integer(Int64(bitPattern: random.next()))
      case 2: .double(Double(random.below(1000)) / 7)
      case 3: .bool(random.below(2) == 0)
      case 4: .binary((0..<random.below(20)).map { UInt8($0) })
      case 5: .timestamp(secondsSince1970: Int64(random.below(1 << 40)))
      case 6: .void
      case 7: .list((0..<random.below(4)).map { _ in value(depth + 1) })
      default: .table(table(depth + 1))
      }
    }
    func table(_ depth: Int) -> FieldTable {
      FieldTable((0..<random.below(6)).map { _ in ("name \(random.below(100))", value(depth)) })
    }
    try broker.declareQueue("q", options: QueueOptions(maxLength: 4))
    let box = try session()
    for step in 0..<50 {
      let headers = table(0)
      let route = try box.session.route(exchange: "", key: "q", headers: headers)
      #expect(box.session.publish(body(of: UInt64(step)), route: route, now: 0) == .accepted)
      let delivery = try #require(try box.session.get(queue: "q", acknowledgement: .automatic))
      #expect(delivery.headers.copied() == headers, "seed \(seed), step \(step)")
      #expect(delivery.headers.isEmpty == headers.isEmpty, "seed \(seed), step \(step)")
      #expect(delivery.body.copied() == body(of: UInt64(step)), "seed \(seed), step \(step)")
    }
  }

  @Test func headersThatTheProtocolCannotSayAreRefused() throws {
    var nested: FieldValue = .void
    for _ in 0..<16 { nested = [nested] }
    let cases: [(FieldTable, String)] = [
      ([String(repeating: "n", count: 256): 1], "SYNTAX_ERROR - header name of 256 bytes; at most 255"),
      (["n": nested], "SYNTAX_ERROR - headers nested beyond 16 levels"),
      (
        ["n": .binary([UInt8](repeating: 0, count: 65_530))],
        "RESOURCE_ERROR - headers of 65537 bytes; 65536 bytes, which is the limit"
      ),
    ]
    try broker.declareQueue("q", options: QueueOptions(maxLength: 4))
    let box = try session()
    for (headers, text) in cases {
      do {
        _ = try box.session.route(exchange: "", key: "q", headers: headers)
        Issue.record("accepted: \(text)")
      } catch { #expect(error.description == text) }
    }
  }

  @Test func aHeadersExchangeRoutesByTheRoutesHeaders() throws {
    for queue in ["pdf", "all"] { try broker.declareQueue(queue, options: QueueOptions(maxLength: 4)) }
    try broker.bind(queue: "pdf", to: "amq.headers", arguments: ["format": "pdf", "type": "report"])
    try broker.bind(queue: "all", to: "amq.headers", arguments: ["format": .void])
    let box = try session()
    let report = try box.session.route(
      exchange: "amq.headers", key: "", headers: ["format": "pdf", "type": "report"])
    let log = try box.session.route(exchange: "amq.headers", key: "", headers: ["format": "pdf", "type": "log"])
    let none = try box.session.route(exchange: "amq.headers", key: "")
    let again = try box.session.route(
      exchange: "amq.headers", key: "", headers: ["type": "report", "format": "pdf"])
    #expect(again == report && log != report)
    #expect(box.session.publish([1], route: report, now: 0) == .accepted)
    #expect(box.session.publish([2], route: log, now: 0) == .accepted)
    #expect(box.session.publish([3], route: none, now: 0) == .unroutable)
    #expect([report, log, none].map { box.session.queueCount(of: $0) } == [2, 1, 0])
    #expect(broker.listQueues().map(\.ready) == [2, 1])
  }

  /// Single and fanned out, pushed at once and in batches, acknowledged, requeued, discarded, purged, given back by a crash, refused by
  /// a full queue, lost with a deleted one: every block comes back.
  @Test(arguments: [1, 4])
  func blocksOfHeadersComeBackWhateverHappens(batch: Int) throws {
    let headers: FieldTable = ["a": 1, "text": "something longer than sixteen bytes"]
    for name in ["one", "two", "three"] {
      try broker.declareQueue(name, options: QueueOptions(maxLength: 8, overflow: .rejectPublish))
      if name != "three" { try broker.bind(queue: name, to: "amq.headers", arguments: ["a": 1]) }
    }
    let box = try session(publishBatch: batch)
    let fanned = try box.session.route(exchange: "amq.headers", key: "", headers: headers)
    let single = try box.session.route(exchange: "", key: "three", headers: headers)
    func publish(_ count: Int) {
      for id in 0..<UInt64(count) {
        for route in [fanned, single] { _ = box.session.publish(body(of: id), route: route, now: 0) }
      }
      box.session.flush()
    }
    publish(12)
    #expect(broker.listQueues().map(\.ready) == [8, 8, 8])
    for name in ["one", "three"] {
      let worker = try session()
      _ = try worker.session.consume(queue: name)
      let count = worker.session.poll(limit: 6)
      #expect(count == 6)
      for place in 0..<count {
        #expect(worker.session.delivery(at: place).headers.copied() == headers)
        #expect(worker.session.delivery(at: place).body.copied() == body(of: UInt64(place)))
      }
      try worker.session.acknowledge(1)
      try worker.session.reject(2, requeue: false)
      try worker.session.reject(3, requeue: true)
      try worker.session.acknowledge(4, multiple: true)
      // Dropped with two in hand.
    }
    #expect(try box.session.get(queue: "three", acknowledgement: .automatic)?.isRedelivered == true)
    try broker.purgeQueue("one")
    publish(3)
    // Staged, and then the queue is gone.
    for _ in 0..<2 { for route in [fanned, single] { _ = box.session.publish([1], route: route, now: 0) } }
    for name in ["one", "three"] { try broker.deleteQueue(name) }
    publish(2)
    try broker.deleteQueue("two")
    let other = try broker.openSession()
    var session = other
    swap(&session, &box.session)
    session.close()
    #expect(broker.statistics().bodyByteCount == 0)
  }
}
