import DriverInterface
import Serialization
import Testing

@testable import TaskWorkers

/// Content types that are accepted and that are not, as an application's user says so. The clock is the test's.
@Suite struct AcceptContentTests {
  private let soon = Duration.milliseconds(1)

  private func error<Output>(of handle: TaskHandle<Output>) -> TaskResultError? {
    do {
      _ = try handle.get(timeout: soon)
      return nil
    } catch { return error }
  }

  @Test(arguments: Serializer.allCases.filter { $0 != .raw })
  func aTaskOfAContentTypeThatIsNotAcceptedIsREJECTEDAndADeadLetter(accepted: Serializer) throws {
    let world = try ApplicationWorld { $0.acceptContent = [accepted] }
    for serializer in Serializer.allCases where serializer != .raw {
      let sum = try world.application.apply(Add(x: 1, y: 2), ApplyOptions { $0.serializer = serializer })
      world.run()
      guard serializer != accepted else {
        #expect(try sum.get(timeout: soon) == 3)
        continue
      }
      #expect(sum.state == .rejected)
      let failure = try #require(error(of: sum)?.failure)
      #expect(failure.typeName == WorkerErrorName.contentDisallowed)
      #expect(failure.text.contains(serializer.contentType) && failure.text.hasSuffix(accepted.contentType))
    }
    #expect(world.transport.broker.deadLetters.count == Serializer.allCases.count - 2)
  }

  /// Bytes that nothing could decode: whoever tried would say so.
  @Test func whatIsNotAcceptedIsNotDecoded() throws {
    let world = try ApplicationWorld { $0.acceptContent = [.json] }
    let hostile = Signature(Add.name, arguments: SerializedBytes([0xC1, 0xFF], serializer: .messagepack))
    let sum = try world.application.apply(hostile, as: Int.self)
    world.run()
    #expect(error(of: sum)?.failure?.typeName == WorkerErrorName.contentDisallowed)
  }

  /// The input used to be decoded whatever was accepted.
  @Test(arguments: [Serializer.json, .messagepack])
  func aResultOfTheTasksBeforeIsRejectedUndecodedLikewise(serializer: Serializer) {
    let world = TaskWorld()
    let journal = Journal()
    world.registry.register("next") { _, _ in journal.note("run") }
    world.options.acceptContent = [.json]
    var message = TaskMessage(
      "next", identifier: TaskIdentifier(high: 1, low: 1), arguments: SerializedBytes([0x7B, 0x7D], serializer: .json))
    let parts: [Serializer] = [.json, serializer]
    message.input = .group(parts.map { TaskInput.Part(serializerCode: $0.code, bytes: [1, 2, 3]) })
    world.send(message)
    var worker = world.worker()
    _ = worker.step(limit: 10, now: world.now)
    let isAccepted = serializer == .json
    #expect(world.outcomes().map(\.state) == [isAccepted ? .success : .rejected])
    #expect(journal.all.count == (isAccepted ? 1 : 0) && world.broker.deadLetters.count == (isAccepted ? 0 : 1))
  }

  @Test func partsOfAnInputAreLookedAtWithoutDecodingThem() {
    let codes: [[UInt8]] = [[], [1], [1, 5], [1, 3], [200]]
    for codes in codes {
      let input = TaskInput.group(codes.map { TaskInput.Part(serializerCode: $0, bytes: [9, 9]) })
      let encoded = input.encoded()
      let isAccepted = encoded.withBody { TaskInput.contentTypes(ofEncoded: $0, areIn: CodeSet([.json, .cbor])) }
      #expect(isAccepted == codes.allSatisfy { $0 == 1 || $0 == 5 }, "\(codes)")
      // Cut anywhere: nothing outside of the bytes is read.
      for count in 1..<encoded.count {
        _ = Array(encoded.prefix(count)).withBody { TaskInput.contentTypes(ofEncoded: $0, areIn: CodeSet([.json])) }
      }
    }
  }

  /// It used to be MessagePack always, which a worker of another format alone would have rejected.
  @Test(arguments: Serializer.allCases.filter { $0 != .raw })
  func anErrbackGetsTheFailureInItsOwnFormat(serializer: Serializer) throws {
    let world = try ApplicationWorld { $0.acceptContent = [serializer] }
    let own = ApplyOptions { $0.serializer = serializer }
    let mourn = try Mourn().signature(own)
    let broken = try world.application.apply(
      Break(text: "bad"),
      ApplyOptions {
        $0.serializer = serializer
        $0.linkError = [mourn]
      })
    world.run()
    #expect(broken.state == .failure)
    #expect(try broken.sibling(broken.children[0], as: String.self).get(timeout: soon) == "ValueError: bad")
  }

  @Test func aResultOfAContentTypeThatIsNotAcceptedIsNotDecoded() throws {
    let world = try ApplicationWorld { $0.resultAcceptContent = [.json] }
    let json = try world.application.apply(Add(x: 1, y: 2), ApplyOptions { $0.serializer = .json })
    let cbor = try world.application.apply(Add(x: 1, y: 2), ApplyOptions { $0.serializer = .cbor })
    world.run()
    #expect(try json.get(timeout: soon) == 3)
    guard case .contentDisallowed(.cbor)? = error(of: cbor) else {
      Issue.record("decoded")
      return
    }
    #expect(cbor.state == .success)
  }
}
