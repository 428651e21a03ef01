import Foundation
import MessageBroker
import Testing

/// The library examples of the documentation, each with its title's name: they do what the page says.
@Suite struct PatternTests {
  let broker = Broker()

  func text(_ delivery: Delivery) -> String { String(decoding: delivery.body.copied(), as: UTF8.self) }

  @Test func workQueue() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    try broker.declareQueue("jobs")
    let jobs = try producer.route(exchange: "", key: "jobs")
    _ = producer.publish(Array("resize 17.png".utf8), route: jobs, now: 0)
    _ = try worker.consume(queue: "jobs", prefetch: 1)
    while worker.poll(limit: 1) > 0 {
      done.append(text(worker.delivery(at: 0)))
      try worker.acknowledge(worker.delivery(at: 0).deliveryTag)
    }
    #expect(done == ["resize 17.png"])
  }

  @Test func publishSubscribe() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    try broker.declareExchange("news", type: .fanout)
    let inbox = try worker.declareQueue(options: QueueOptions(isExclusive: true))
    try broker.bind(queue: inbox.name, to: "news", by: worker.identifier)
    _ = try worker.consume(queue: inbox.name, acknowledgement: .automatic)
    let news = try producer.route(exchange: "news", key: "")
    _ = producer.publish(Array("rain".utf8), route: news, now: 0)
    for index in 0..<worker.poll(limit: 64) { done.append(text(worker.delivery(at: index))) }
    #expect(done == ["rain"])
  }

  @Test func routing() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    try broker.declareExchange("logs", type: .direct)
    try broker.declareQueue("alarms")
    for severity in ["error", "critical"] { try broker.bind(queue: "alarms", to: "logs", key: severity) }
    for severity in ["info", "error"] {
      let route = try producer.route(exchange: "logs", key: severity)
      _ = producer.publish(Array(severity.utf8), route: route, now: 0)
    }
    while let alarm = try worker.get(queue: "alarms", acknowledgement: .automatic) { done.append(text(alarm)) }
    #expect(done == ["error"])
  }

  @Test func topics() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    try broker.declareQueue("orange")
    try broker.bind(queue: "orange", to: "amq.topic", key: "*.orange.*")
    for key in ["quick.orange.rabbit", "lazy.pink.rabbit"] {
      let route = try producer.route(exchange: "amq.topic", key: key)
      _ = producer.publish(Array(key.utf8), route: route, now: 0)
    }
    while let animal = try worker.get(queue: "orange", acknowledgement: .automatic) { done.append(text(animal)) }
    #expect(done == ["quick.orange.rabbit"])
  }

  @Test func requestReply() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    try broker.declareQueue("double")
    _ = try producer.consume(queue: "amq.rabbitmq.reply-to", acknowledgement: .automatic)
    let asking = MessageProperties(correlation: 1, replyTo: producer.directReplyTo)
    _ = producer.publish([21], route: try producer.route(exchange: "", key: "double"), properties: asking, now: 0)
    if let request = try worker.get(queue: "double", acknowledgement: .automatic) {
      let answer = MessageProperties(correlation: request.correlation)
      _ = worker.publish([request.body.copied()[0] * 2], to: request.replyTo, properties: answer, now: 0)
    }
    for index in 0..<producer.poll(limit: 1) { done.append("\(producer.delivery(at: index).body.copied()[0])") }
    #expect(done == ["42"])
  }

  @Test func retries() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    var options = QueueOptions()
    options.retry = RetryPolicy(backoff: 1_000_000, limit: 60_000_000, jitter: 0.2)
    (options.deliveryLimit, options.deadLetter) = (2, DeadLetterAddress(exchange: "", routingKey: "failed"))
    try broker.declareQueue("failed")
    try broker.declareQueue("work", options: options)
    _ = producer.publish(Array("poison".utf8), route: try producer.route(exchange: "", key: "work"), now: 0)
    while let job = try worker.get(queue: "work") {
      try worker.reject(job.deliveryTag, requeue: true)
      if let next = broker.nextTimedEvent { broker.advance(to: next) }
    }
    while let failed = try worker.get(queue: "failed", acknowledgement: .automatic) { done.append(text(failed)) }
    #expect(done == ["poison"])
  }

  @Test func priorities() throws {
    var producer = try broker.openSession()
    var worker = try broker.openSession()
    var done: [String] = []
    var options = QueueOptions()
    options.order = .priority(levels: 9)
    try broker.declareQueue("mail", options: options)
    let mail = try producer.route(exchange: "", key: "mail")
    for (letter, priority) in [("flyer", 0), ("telegram", 9)] as [(String, UInt8)] {
      _ = producer.publish(Array(letter.utf8), route: mail, properties: MessageProperties(priority: priority), now: 0)
    }
    while let letter = try worker.get(queue: "mail", acknowledgement: .automatic) { done.append(text(letter)) }
    #expect(done == ["telegram", "flyer"])
  }

  /// The page shows what is tested here, line by line.
  @Test func thePageShowsTheseLines() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: folder.appending(path: "Sources/MessageBroker/MessageBroker.docc/Patterns.md"), encoding: .utf8)
    let code = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    let shown = page.split(separator: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    #expect(shown.count == 7)
    for line in shown.flatMap({ $0.split(separator: "\n").dropFirst() }) {
      #expect(code.contains(line.trimmingCharacters(in: .whitespaces)), "\(line)")
    }
  }
}
