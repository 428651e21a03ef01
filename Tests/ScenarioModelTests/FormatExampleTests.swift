import ScenarioModel
import Testing

/// The examples that the format was designed with: every one is understood, and what this version cannot do is refused as
/// just that.
@Suite struct FormatExampleTests {
  static let fairDispatch = """
    name: fair-dispatch
    description: Round robin starves the unlucky worker; fair dispatch does not.
    workload:
      pattern: work_queue
      service_time: { cycle: [5ms, 100us] }
      consumers: { workers: { count: 2, busy: sleep } }
    load: { poisson: 300/s, for: 20s }
    matrix: { dispatch: [round_robin, fair, least_outstanding, shared] }
    trials: 5
    """

  static let topics = """
    name: animals-topics
    topology:
      exchanges: { animals: topic }
      queues: { orange: {}, rabbits-and-lazy: {} }
      bindings:
        - { from: animals, to: orange, key: "*.orange.*" }
        - { from: animals, to: rabbits-and-lazy, key: "*.*.rabbit" }
        - { from: animals, to: rabbits-and-lazy, key: "lazy.#" }
    workload:
      pattern: topics
      producers: { zoo: { to: animals, keys: [quick.orange.rabbit, lazy.orange.elephant, lazy.pink.rabbit] } }
      consumers: { q1: { from: orange }, q2: { from: rabbits-and-lazy } }
    load: { constant: 200k/s, for: 5s }
    """

  static let serializers = """
    name: serializer-by-dispatch
    vars: { rate: "${RATE:-20k/s}" }
    seed: 42
    workload:
      pattern: tasks
      producers: { clients: { count: 2, payload: { lognormal: { p50: 128B, p99: 2KiB } }, keys: { zipf: { s: 1.1, n: 10k } } } }
      workers: { pool: threads, count: 2 }
      tasks: { handle: { service_time: { exponential: 20us }, busy: spin } }
    load:
      warmup: 2s
      phases:
        - steady: { poisson: "${rate}", for: 30s }
        - spike:  { poisson: 10k/s, peak: 80k/s, for: 6s }
    matrix:
      serializer: [json, messagepack, cbor, protobuf, raw]
      dispatch: [round_robin, fair, consistent_hash]
    trials: { count: 10, order: randomised }
    baseline: { serializer: json, dispatch: round_robin }
    slo:
      - { expect: "latency.p99 < 1ms", phase: steady }
      - { expect: "throughput >= 0.99 * offered", phase: steady }
      - { expect: "latency.p99 < 20ms", phase: spike, window: 1s, severity: warn }
    """

  static let capacity = """
    name: capacity
    workload: { pattern: request_reply, payload: 128B }
    search: { capacity: { metric: latency.p99, limit: 1ms, from: 1k/s, precision: 2%, trials: 5 } }
    """

  static let later = """
    topology:
      exchanges: { e: { type: headers, internal: false, alternate: e, arguments: { x: 1 } } }
      queues:
        work:
          max_bytes: 1MiB
          overflow: drop_head
          message_ttl: 5s
          expires: 1h
          dead_letter: { key: dead }
          delivery_limit: 5
          retry: { backoff: 1s, max: 1m, jitter: true }
          priorities: 10
          single_active: true
          durable: false
          unacknowledged_limit: 100
          arguments: { x-max-length: 5 }
        dead: {}
    workload:
      producers: { p: { keys: [work], compressible: 50%, headers: { a: b }, priority: 3, expiration: 1s, persistent: true, mandatory: true } }
      consumers: { c: { from: work, priority: 1, fail: 1% }, d: { from: dead } }
    load: { burst: 100, every: 1s, for: 5s }
    compare: { against: main, max_regression: 5%, alpha: 0.01, metric: latency.p99, confirm: 1 }
    trials: { count: 5, process: fresh, cool_down: 1s, timeout: 1m, stop_early: { metric: latency.p99, ci_width: 5%, min: 3, max: 10 }, disturbed: { steal: 1%, pressure: 5%, reruns: 2 } }
    output: { formats: [html, junit] }
    time: virtual
    """

  @Test(arguments: [serializers, later])
  func isRefusedOnlyAsNotSupportedYet(text: String) {
    let found = TestFiles(text).problems()
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.code == .notSupportedYet }, "\(found.filter { $0.code != .notSupportedYet })")
  }

  @Test(arguments: [
    capacity,
    "name: quickstart\nworkload: { pattern: work_queue, payload: 128B }\nload: { constant: 100k/s, for: 5s }",
    """
    name: spsc-ring
    workload: { pattern: ring, ring: { kind: spsc, capacity: 65536 }, payload: 8B, batch: 64, wait: spin }
    load: { saturate: 100M }
    """, topics, fairDispatch,
  ])
  func loads(text: String) throws {
    _ = try TestFiles(text).load()
  }
}
