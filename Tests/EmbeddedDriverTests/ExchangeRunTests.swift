import DriverInterface
import ResultModel
import Testing

extension RunTests {
  /// Patterns with exchanges, from the scenario to the verified result.
  @Suite struct ExchangeRunTests {
    @Test(arguments: [1, 8])
    func everySubscriberGetsEveryMessage(batch: Int) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: publish_subscribe
          wait: park
          batch: \(batch)
          consumers: { a: { count: 3 }, b: {} }
        load: { saturate: 1000 }
        """)
      run.expectClean(sent: 1000, copies: 4)
      #expect(run.queues.map(\.name) == ["a.0", "a.1", "a.2", "b.0"])
    }

    @Test func patternsOfWordsDecide() throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology:
          exchanges: { animals: { type: topic, alternate: rest }, rest: fanout }
          queues: { orange: {}, lazy: {}, other: {} }
          bindings:
            - { from: animals, to: orange, key: "*.orange.*" }
            - { from: animals, to: lazy, key: "lazy.#" }
            - { from: animals, to: lazy, key: "*.*.rabbit" }
            - { from: rest, to: other }
        workload:
          pattern: topics
          wait: park
          producers: { zoo: { to: animals, keys: [lazy.orange.rabbit, quick.orange.fox, lazy, blue] } }
          consumers: { a: { from: orange }, b: { from: lazy }, c: { from: other } }
        load: { saturate: 1000 }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.counts.received == 250 * (2 + 1 + 1 + 1))
      run.expectEmptyQueues()
    }

    @Test func exchangesRouteOnToExchanges() throws {
      let run = try EmbeddedRun(
        """
        name: test
        topology:
          exchanges: { in: direct, all: { type: fanout, internal: true }, back: direct }
          queues: { one: {}, two: {} }
          bindings:
            - { from: in, to: all, key: k }
            - { from: in, to: one, key: k }
            - { from: all, to: one }
            - { from: all, to: two }
            - { from: all, to: in }
        workload:
          pattern: routing
          wait: park
          producers: { p: { to: in, keys: [k] } }
          consumers: { a: { from: one }, b: { from: two } }
        load: { saturate: 500 }
        """)
      run.expectClean(sent: 500, copies: 2)
    }
  }
}
