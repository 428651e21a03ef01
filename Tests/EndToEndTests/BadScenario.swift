import Testing

/// A scenario that must be refused before anything runs.
struct BadScenario: CustomTestStringConvertible, Sendable {
  /// What is wrong with it.
  var claim: String
  /// The file.
  var text: String
  /// What the message must contain; `bad.yaml:3:5` for the place.
  var message: [String]

  var testDescription: String { claim }

  static let all: [BadScenario] = [
    BadScenario(
      claim: "an unknown key, with a suggestion",
      text: """
        name: bad
        workload: { pattern: work_queue, paylod: 128B }
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:2:34", "paylod", "did you mean", "payload", "^"]),
    BadScenario(
      claim: "a number without a unit",
      text: """
        name: bad
        workload: { pattern: work_queue, payload: 128B }
        load: { constant: 1k/s, for: 5 }
        """,
      message: ["bad.yaml:3:30", "for", "5s"]),
    BadScenario(
      claim: "a unit of another kind",
      text: """
        name: bad
        workload: { pattern: work_queue, payload: 128ms }
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:2:43", "128ms"]),
    BadScenario(
      claim: "bad YAML",
      text: """
        name: bad
        workload: { pattern: work_queue, payload: 128B
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:"]),
    BadScenario(
      claim: "a duplicate key",
      text: """
        name: bad
        workload: { pattern: work_queue, payload: 128B }
        load: { constant: 1k/s, for: 1s }
        name: worse
        """,
      message: ["bad.yaml:4:1", "name", "1"]),
    BadScenario(
      claim: "an empty file",
      text: "", message: ["bad.yaml:1:1"]),
    BadScenario(
      claim: "no producers",
      text: """
        name: bad
        workload:
          pattern: work_queue
          producers: { p: { count: 0 } }
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:4:28", "count"]),
    BadScenario(
      claim: "a rate of zero",
      text: """
        name: bad
        workload: { pattern: work_queue }
        load: { constant: 0/s, for: 1s }
        """,
      message: ["bad.yaml:3:19", "0/s"]),
    BadScenario(
      claim: "a payload larger than the ring takes",
      text: """
        name: bad
        workload: { pattern: ring, ring: { kind: spsc, capacity: 1024 }, payload: 1MiB }
        load: { saturate: 1k }
        """,
      message: ["bad.yaml:2:75", "payload"]),
    BadScenario(
      claim: "a payload larger than a broker takes",
      text: """
        name: bad
        workload: { pattern: work_queue, payload: 2MiB }
        load: { saturate: 1k }
        """,
      message: ["bad.yaml:2:43", "1MiB", "not supported yet"]),
    BadScenario(
      claim: "acknowledging every 500 with a prefetch of 100",
      text: """
        name: bad
        workload:
          pattern: work_queue
          consumers: { c: { prefetch: 100, ack: { every: 500 } } }
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:4:", "500", "100"]),
    BadScenario(
      claim: "more producers than the kind of ring allows",
      text: """
        name: bad
        workload:
          pattern: ring
          ring: { kind: spsc }
          producers: { p: { count: 2 } }
        load: { saturate: 1k }
        """,
      message: ["bad.yaml:", "spsc", "mpmc"]),
    BadScenario(
      claim: "two kinds of load in one phase",
      text: """
        name: bad
        workload: { pattern: work_queue }
        load: { constant: 1k/s, poisson: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:3:", "constant", "poisson"]),
    BadScenario(
      claim: "what this version does not know how to do",
      text: """
        name: bad
        target: { driver: amqp }
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:2:19", "not supported yet"]),
    BadScenario(
      claim: "an objective that compares a rate with a time",
      text: """
        name: bad
        workload: { pattern: work_queue }
        load: { constant: 1k/s, for: 1s }
        slo:
          - { expect: "throughput >= 0.99 * offred", phase: main }
          - "latency.p99 < 50k/s"
        """,
      message: [
        "bad.yaml:5:37", "did you mean `offered`?", "bad.yaml:6:18", "a rate cannot be compared with a time",
        "\n    |                  ^\n",
      ]),
    BadScenario(
      claim: "a queue that may refuse what another takes",
      text: """
        name: bad
        topology:
          exchanges: { e: direct }
          queues: { a: { overflow: reject_publish }, b: {} }
          bindings: [ { from: e, to: a, key: k }, { from: e, to: b, key: k } ]
        workload:
          pattern: work_queue
          producers: { p: { to: e, keys: [k] } }
          consumers: { c: { from: a }, d: { from: b } }
        load: { constant: 1k/s, for: 1s }
        """,
      message: ["bad.yaml:4:13", "reject_publish", "not supported yet"]),
  ]
}
