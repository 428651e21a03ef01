import ResultModel
import Testing

extension RunTests {
  /// Bodies that travel encoded, from the scenario to the verdict.
  @Suite struct EncodingRunTests {
    static let serializers = ["json", "yaml", "messagepack", "plist", "cbor", "protobuf", "raw"]

    @Test(arguments: serializers, ["none", "zlib", "zstd", "lz4"])
    func everyMessageOfAWorkQueueIsDecodedAndVerified(serializer: String, compression: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          payload: { shape: record, size: { uniform: [32B, 700B] } }
          serializer: \(serializer)
          compression: \(compression)
          wait: yield
        load: { saturate: 500 }
        """)
      run.expectClean(sent: 500)
      #expect(run.phase.encodedBytesPerMessage.map { $0 > 32 } == true)
      // Of every 16th message.
      #expect(run.phase.encodeTime?.count == 32)
      #expect(run.phase.decodeTime?.count == 32)
    }

    @Test(arguments: ["record", "text", "numbers"])
    func everyRequestAndItsReplyAreEncoded(shape: String) throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: request_reply
          payload: { shape: \(shape), size: 200B }
          serializer: messagepack
          compression: lz4
          wait: yield
          producers: { c: { timeout: 1m } }
          consumers: { s: { count: 2, batch: 4 } }
        load: { saturate: 500 }
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      #expect(run.phase.verification?.verified == 500)
      run.expectEmptyQueues()
    }

    /// Groups may differ, and one may send its bodies as they are: each body says what it is.
    @Test func severalEncodingsShareAQueue() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          wait: yield
          producers:
            plain: { payload: 64B }
            packed: { payload: 300B, serializer: messagepack }
            squeezed: { payload: { shape: text, size: 900B }, serializer: messagepack, compression: zstd }
          consumers: { c: { batch: 300, prefetch: 1000, ack: { every: 100 } } }
        load: { saturate: 3000 }
        """)
      run.expectClean(sent: 3000)
    }

    @Test func everyConsumerOfABroadcastDecodes() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload:
          pattern: publish_subscribe
          wait: yield
          serializer: messagepack
          consumers: { c: { count: 2 } }
        load: { saturate: 400 }
        """)
      run.expectClean(sent: 400, copies: 2)
    }

    @Test(arguments: ["lose", "duplicate", "reorder", "corrupt"])
    func faultsOfEncodedMessagesAreCaught(kind: String) throws {
      try EmbeddedRun.expectCaught(
        kind, injected: 4,
        in: """
          name: test
          workload: { serializer: messagepack, compression: lz4, wait: yield, batch: 16 }
          load: { saturate: 2001 }
          faults: [ { kind: \(kind), one_in: 500 } ]
          """)
    }

    @Test func aKilledConsumersMessagesAreDecodedByItsReplacement() throws {
      let run = try EmbeddedRun(
        """
        name: test
        workload: { serializer: messagepack, wait: park, consumers: { c: {} } }
        load: { constant: 2k/s, for: 400ms, pacing: { max_lag: 10s }, drain: 30s }
        faults: [ { kind: kill_worker, who: c.0, at: main+100ms, for: 50ms } ]
        """)
      #expect(run.result.status == .passed, "\(run.result.verdicts.filter { !$0.ok })")
      run.expectEmptyQueues()
    }

    @Test func plainBodiesHaveNoFiguresOfEncoding() throws {
      let run = try EmbeddedRun("name: test\nworkload: { wait: yield }\nload: { saturate: 100 }")
      #expect(run.phase.encodeTime == nil && run.phase.decodeTime == nil && run.phase.encodedBytesPerMessage == nil)
    }
  }
}
