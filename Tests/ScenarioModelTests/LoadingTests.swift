import Testing

@testable import ScenarioModel

@Suite struct LoadingTests {
  @Test func fillsInEveryDefault() throws {
    let scenario = try TestFiles("name: q\nworkload: { pattern: work_queue }").load()
    #expect(scenario.schemaVersion == 1)
    #expect(scenario.seed == 1)
    #expect(scenario.target.driver == "embedded")
    #expect(scenario.topology.queues == [.init(name: "work", messageCountLimit: 65_536, overflow: .block)])
    let source = SourcePosition(file: "s.yaml", line: 2, column: 11)
    #expect(
      scenario.workload.producerGroups == [
        .init(
          name: "producer", count: 1, exchange: "", keys: ["work"], keyChoice: .inTurn, headers: [:],
          payload: .fixed(128), compressibleShare: 0, serviceTime: .fixed(0), confirmsOutstandingLimit: 0,
          batchCount: 1, timeoutNanoseconds: 1_000_000_000, wait: nil, source: source)
      ])
    #expect(
      scenario.workload.consumerGroups == [
        .init(
          name: "consumer", count: 1, queue: "work", hasOwnQueues: false, prefetchCount: 256, acknowledgement: .each,
          busy: .spin,
          speed: 1, batchCount: 1, wait: nil, source: source)
      ])
    #expect(scenario.load.phases.map(\.kind) == [.constant(ratePerSecond: 10_000)])
    #expect(scenario.load.phases.map(\.durationNanoseconds) == [5_000_000_000])
    #expect(scenario.load.pacingSpinNanoseconds == 30_000)
    #expect(scenario.load.pacingMaxLagNanoseconds == 1_000_000)
    #expect(scenario.load.drainNanoseconds == 5_000_000_000)
    #expect(scenario.trials.count == 1)
    #expect(
      scenario.verification == .init(lossLimit: 0, duplicateLimit: 0, order: .perProducer, payload: .crc32c))
    #expect(
      scenario.measure
        == .init(
          intervalNanoseconds: 250_000_000, histogramDigits: 3, histogramMaxNanoseconds: 60_000_000_000,
          hiccupNanoseconds: 1_000_000))
    #expect(scenario.output.directoryTemplate == "Results/{name}/{started}")
    #expect(scenario.output.formats == [.json, .csv, .hlog, .hgrm, .html, .markdown, .junit])
  }

  @Test func readsEveryValueThatIsSupported() throws {
    let text = """
      schema: 1
      name: all
      description: "Everything: at once"
      seed: 42
      target: { driver: embedded }
      topology:
        exchanges: { jobs: direct, more: { type: direct } }
        queues: { heavy: { max_length: 8k, overflow: reject_publish, order: fifo, dispatch: shared }, light: {} }
        bindings: [ { from: jobs, to: heavy, key: h }, { from: jobs, to: light, key: l } ]
      workload:
        pattern: work_queue
        wait: park
        batch: 4
        producers:
          zoo: { count: 2, to: jobs, keys: [h, l], payload: 1KiB, service_time: 5us, confirms: 100, wait: spin }
          ant: { to: jobs, keys: [l], service_time: { exponential: 20us }, batch: 1, serializer: raw, compression: none }
        consumers:
          slow: { from: heavy, prefetch: 10, ack: { every: 5 }, busy: sleep, speed: 0.5 }
          fast: { from: light, count: 3, ack: none, busy: touch }
      load:
        warmup: 250ms
        phases:
          - calm: { constant: 1k/s, for: 2s }
          - wild: { poisson: 60k/m, for: 1m }
          - burst: { saturate: 5M }
          - rest: { saturate: true, for: 3s }
        pacing: { spin: 0s, max_lag: 2ms }
        drain: 10s
      trials: 1
      verify: { loss: 5, duplicates: 1k, order: none, payload: none }
      measure: { interval: 1s, histogram: { digits: 2, max: 10s }, hiccup: 10ms, statistics: 20ms }
      output: { dir: "out/{name}", formats: [hgrm, json] }
      time: wall
      """
    let scenario = try TestFiles(text).load()
    #expect(scenario.name == "all")
    #expect(scenario.summary == "Everything: at once")
    #expect(scenario.seed == 42)
    #expect(scenario.topology.exchanges.map(\.name) == ["jobs", "more"])
    #expect(scenario.topology.queues[0] == .init(name: "heavy", messageCountLimit: 8_000, overflow: .rejectPublish))
    #expect(
      scenario.topology.bindings[1] == .init(exchange: "jobs", destination: .queue("light"), key: "l", arguments: [:]))
    let producers = scenario.workload.producerGroups
    #expect(producers.map(\.name) == ["zoo", "ant"])
    #expect(producers[0].count == 2)
    #expect(producers[0].exchange == "jobs")
    #expect(producers[0].keys == ["h", "l"])
    #expect(producers[0].payloadByteCount == 1_024)
    #expect(producers[0].serviceTime == .fixed(5_000))
    #expect(producers[0].confirmsOutstandingLimit == 100)
    #expect(producers.map(\.wait) == [.spin, .park])
    #expect(producers.map(\.batchCount) == [4, 1])
    #expect(producers[1].serviceTime == .exponential(mean: 20_000))
    #expect(producers.map(\.source.line) == [15, 16])
    let consumers = scenario.workload.consumerGroups
    #expect(consumers.map(\.queue) == ["heavy", "light"])
    #expect(consumers.map(\.acknowledgement) == [.every(5), .none])
    #expect(consumers.map(\.busy) == [.sleep, .touch])
    #expect(consumers.map(\.speed) == [0.5, 1])
    #expect(consumers.map(\.prefetchCount) == [10, 256])
    #expect(consumers.map(\.count) == [1, 3])
    #expect(scenario.load.phases.map(\.name) == ["warmup", "calm", "wild", "burst", "rest"])
    #expect(scenario.load.phases.map(\.isWarmup) == [true, false, false, false, false])
    #expect(
      scenario.load.phases.map(\.kind) == [
        .constant(ratePerSecond: 1_000), .constant(ratePerSecond: 1_000), .poisson(ratePerSecond: 1_000),
        .saturate(messageCount: 5_000_000), .saturate(messageCount: nil),
      ])
    #expect(
      scenario.load.phases.map(\.durationNanoseconds) == [
        250_000_000, 2_000_000_000, 60_000_000_000, nil, 3_000_000_000,
      ])
    #expect(scenario.load.phases.map(\.source.line) == [21, 23, 24, 25, 26])
    #expect(scenario.load.pacingSpinNanoseconds == 0)
    #expect(scenario.verification == .init(lossLimit: 5, duplicateLimit: 1_000, order: .none, payload: .none))
    #expect(scenario.measure.histogramDigits == 2)
    #expect(scenario.measure.statisticsNanoseconds == 20_000_000)
    #expect(scenario.output.formats == [.json, .hgrm])
  }

  @Test func readsRings() throws {
    let text = """
      workload:
        pattern: ring
        ring: { kind: spsc, capacity: 1024, publish: lazy, round_trip: false, memory: private }
        payload: 8B
      load: { warmup: 1s, saturate: 100M }
      """
    let scenario = try TestFiles(text).load()
    #expect(scenario.name == "s")
    #expect(
      scenario.workload.ring
        == .init(
          kind: .spsc, lanes: .shared, slowReader: .block, capacity: 1_024, publish: .lazy, isRoundTrip: false,
          memory: .private))
    #expect(scenario.topology == .empty)
    #expect(scenario.load.phases.map(\.kind) == [.saturate(messageCount: nil), .saturate(messageCount: 100_000_000)])
    #expect(scenario.load.phases.map(\.durationNanoseconds) == [1_000_000_000, nil])
    #expect(scenario.verification.payload == .none)
  }

  @Test func anOpenLoopTakesItemsWithRoomForTheirTimes() throws {
    let text = "workload: { pattern: ring, payload: 32B }\nload: { poisson: 5k/s }"
    #expect(try TestFiles(text).load().load.phases[0].kind == .poisson(ratePerSecond: 5_000))
    #expect(
      try TestFiles("workload: { pattern: ring, payload: 256B }").load().load.phases[0].kind
        == .saturate(messageCount: nil))
  }

  @Test func closedLoopsKeepMessagesInFlight() throws {
    for pattern in ["work_queue", "request_reply", "ring, ring: { round_trip: true }"] {
      let scenario = try TestFiles("workload: { pattern: \(pattern) }\nload: { in_flight: 16, for: 1s }").load()
      #expect(scenario.load.phases.map(\.kind) == [.inFlight(perProducer: 16)])
      #expect(scenario.load.phases[0].isOpenLoop == false)
    }
    let roundTrip = try TestFiles("workload: { pattern: ring, ring: { round_trip: true } }").load()
    #expect(roundTrip.load.phases.map(\.kind) == [.inFlight(perProducer: 1)])
    #expect(try TestFiles(roundTrip.resolvedJSON).load().resolvedJSON == roundTrip.resolvedJSON)
  }

  @Test func batchesMayBeLargerThanWhatASessionHandsOverAtOnce() throws {
    #expect(try TestFiles("workload: { batch: 1000 }").load().workload.producerGroups[0].batchCount == 1_000)
  }

  @Test func readsJSON() throws {
    let text =
      #"{"name": "j", "seed": 7, "workload": {"payload": "64B"}, "load": {"in_flight": null, "poisson": "5/s"}}"#
    let scenario = try TestFiles(text).load()
    #expect(scenario.seed == 7)
    #expect(scenario.workload.producerGroups[0].payloadByteCount == 64)
    #expect(scenario.load.phases.map(\.kind) == [.poisson(ratePerSecond: 5)])
  }

  @Test func readsScalarsByTheirKeyAndNotByTheirLooks() throws {
    let text = "name: 010\ndescription: off\nworkload: { producers: { 1: { count: 010 }, no: {} } }"
    let scenario = try TestFiles(text).load()
    #expect(scenario.name == "010")
    #expect(scenario.summary == "off")
    #expect(scenario.workload.producerGroups.map(\.name) == ["1", "no"])
    #expect(scenario.workload.producerGroups[0].count == 10)
  }

  @Test func resolvesAliases() throws {
    let text = "vars: { r: &rate 5k/s }\nload: { constant: *rate, for: 1s }"
    #expect(try TestFiles(text).load().load.phases[0].kind == .constant(ratePerSecond: 5_000))
  }

  @Test func skipsAByteOrderMark() throws {
    #expect(try TestFiles("\u{FEFF}name: x").load().name == "x")
  }

  @Test func keysLeftOutAreTheBoundOnes() throws {
    let text = """
      topology:
        exchanges: { e: direct }
        queues: { a: {}, b: {} }
        bindings: [ { from: e, to: a, key: k }, { from: e, to: b, key: k } ]
      workload: { producers: { p: { to: e } }, consumers: { c: { from: a }, d: { from: b } } }
      """
    #expect(try TestFiles(text).load().workload.producerGroups[0].keys == ["k"])
  }

  @Test func aCommentOrAnotherSpellingChangesNothing() throws {
    let plain = try TestFiles("name: x\nworkload: { payload: 1KiB }\nload: { constant: 1k/s, for: 1m }").load()
    let other = try TestFiles(
      """
      # a comment
      vars: { rate: 1000/s }
      load: { phases: [ { main: { for: 60s, constant: "${rate}" } } ] }   # another
      workload: { producers: { producer: { payload: 1024B } }, pattern: work_queue }
      name: x
      """
    ).load()
    #expect(plain.resolvedJSON == other.resolvedJSON)
    let faster = try TestFiles("name: x\nworkload: { payload: 1KiB }\nload: { constant: 2k/s, for: 1m }").load()
    #expect(plain.resolvedJSON != faster.resolvedJSON)
  }

  @Test func listsEverySettingAndWhetherItIsADefault() throws {
    let scenario = try TestFiles("workload: { payload: 64B }\nload: { constant: 1k/s }").load()
    let settings = Dictionary(uniqueKeysWithValues: scenario.settings.map { ($0.path, $0) })
    #expect(settings["workload.producers.producer.payload"]?.isDefault == false)
    #expect(settings["workload.producers.producer.payload"]?.value == "64B")
    #expect(settings["workload.consumers.consumer.prefetch"]?.value == "256")
    #expect(settings["workload.consumers.consumer.prefetch"]?.isDefault == true)
    #expect(settings["load.phases.main.constant"]?.isDefault == false)
    #expect(settings["load.phases.main.for"]?.value == "5s")
    #expect(settings["name"]?.value == "s")
    #expect(settings["name"]?.isDefault == true)
    #expect(settings["workload.producers.producer.wait"]?.isDefault == true)
  }
}
