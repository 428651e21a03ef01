import EmbeddedDriver
import Foundation
import MessageBroker
import Serialization
import TaskWorkers
import Testing

/// The library examples of the documentation, each with its title's name: they do what the page says.
@Suite struct RecipeTests {
  private func with(
    _ settings: ApplicationSettings = ApplicationSettings(), _ body: (TaskApplication, inout [String]) throws -> Void
  ) throws -> [String] {
    var registry = TaskRegistry()
    registry.register(Add.self)
    registry.register(Multiply.self)
    registry.register(Total.self)
    registry.register(Fetch.self)
    registry.register(Report.self)
    let application = try TaskApplication(registry: registry, broker: Broker(), settings: settings)
    let node = try application.startWorkers()
    defer { node.shutdown() }
    var seen: [String] = []
    try body(application, &seen)
    return seen
  }

  @Test func callingATask() throws {
    let seen = try with { application, seen in
      let sum = try application.delay(Add(x: 2, y: 2))
      seen.append("\(try sum.get(timeout: .seconds(10)))")
      seen.append("\(sum.state.rawValue)")
    }
    #expect(seen == ["4", "SUCCESS"])
  }

  @Test func optionsOfACall() throws {
    let seen = try with { application, seen in
      let options = ApplyOptions {
        $0.countdown = .milliseconds(5)
        $0.expires = .seconds(60)
        $0.serializer = .cbor
        $0.headers = ["tenant": "acme"]
      }
      seen.append("\(try application.apply(Add(x: 2, y: 3), options).get(timeout: .seconds(10)))")
    }
    #expect(seen == ["5"])
  }

  @Test func chain() throws {
    let seen = try with { application, seen in
      let chain = Workflow.chain(
        .task(try Add(x: 2, y: 2).signature()), .task(try Multiply(by: 8).signature()))
      seen.append("\(try application.apply(chain, as: Int.self).get(timeout: .seconds(10)))")
    }
    #expect(seen == ["32"])
  }

  @Test func group() throws {
    let seen = try with { application, seen in
      let group = Workflow.group(try (1...3).map { .task(try Add(x: $0, y: $0).signature()) })
      let results = try application.applyGroup(group, as: Int.self)
      seen += try results.get(timeout: .seconds(10)).map(\.description)
    }
    #expect(seen == ["2", "4", "6"])
  }

  @Test func chord() throws {
    let seen = try with { application, seen in
      let header = try (1...100).map { Workflow.task(try Add(x: $0, y: 0).signature()) }
      let chord = Workflow.chord(header: header, body: .task(try Total().signature()))
      seen.append("\(try application.apply(chord, as: Int.self).get(timeout: .seconds(10)))")
    }
    #expect(seen == ["5050"])
  }

  @Test func map() throws {
    let seen = try with { application, seen in
      let sums = try application.delay(MappedTask([Add(x: 1, y: 1), Add(x: 2, y: 2)]))
      seen += try sums.get(timeout: .seconds(10)).map(\.description)
    }
    #expect(seen == ["2", "4"])
  }

  @Test func failures() throws {
    let report = try Report().signature()
    let seen = try with { application, seen in
      let failing = try application.apply(Fetch(), ApplyOptions { $0.linkError = [report] })
      do {
        _ = try failing.get(timeout: .seconds(10))
      } catch let error as TaskResultError {
        seen.append(error.failure?.typeName ?? "")
      }
      let told = failing.sibling(failing.children[0], as: String.self)
      seen.append(try told.get(timeout: .seconds(10)))
    }
    #expect(seen == ["ValueError", "ValueError: no answer"])
  }

  @Test func callingOff() throws {
    let seen = try with { application, seen in
      let late = try application.apply(Add(x: 1, y: 1), ApplyOptions { $0.countdown = .seconds(1) })
      _ = try application.control(.revoke([late.identifier], terminate: false), count: 1)
      do {
        _ = try late.get(timeout: .seconds(10))
      } catch TaskResultError.revoked(let failure) {
        seen.append(failure.typeName)
      }
    }
    #expect(seen == ["TaskRevoked"])
  }

  @Test func periodicTasks() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let seen = try with { application, seen in
      let sum = Workflow.task(try Add(x: 1, y: 1).signature(ApplyOptions { $0.ignoreResult = true }))
      let berlin = try ScheduleZone(identifier: "Europe/Berlin")
      let running = try application.startBeat(
        [
          .init(name: "often", schedule: try .every(.milliseconds(5)), payload: sum),
          .init(name: "at night", schedule: .crontab(try Crontab(line: "30 2 * * *", zone: berlin)), payload: sum),
        ], storage: BeatFile(path: "\(folder)/beat.state"))
      while running.beat.sentCount == 0 { Thread.sleep(forTimeInterval: 0.001) }
      running.stop()
      seen.append(running.beat.sentCount > 0 ? "sent" : "")
    }
    #expect(seen == ["sent"])
  }

  @Test func deadLetters() throws {
    let seen = try with(ApplicationSettings { $0.deadLetters = DeadLetterSettings() }) { application, seen in
      let nobody = Signature("Nobody", arguments: SerializedBytes([], serializer: .raw))
      _ = try? application.apply(nobody, as: Int.self).get(timeout: .seconds(10))
      while try application.deadLetters().isEmpty { Thread.sleep(forTimeInterval: 0.001) }
      let letters = try application.sortDeadLetters { $0.task?.task == "Nobody" ? .remove : .sendAgain }
      seen.append("\(letters[0].task?.task ?? "no task") in \(letters[0].queue)")
    }
    #expect(seen == ["Nobody in tasks"])
  }

  @Test func events() throws {
    let seen = try with { application, seen in
      let events = try application.listen(to: "task.succeeded")
      _ = try application.control(.enableEvents, count: 1)
      _ = try application.delay(Add(x: 1, y: 1)).get(timeout: .seconds(10))
      if let event = events.next(timeout: .seconds(10)) { seen.append(event.kind.rawValue) }
    }
    #expect(seen == ["task-succeeded"])
  }

  @Test func inspectAndControl() throws {
    let seen = try with { application, seen in
      seen += try application.control(.ping, count: 1).keys
      _ = try application.control(.rateLimit(task: "Add", .perSecond(100)), count: 1)
      _ = try application.control(.poolGrow(1), destination: ["worker1"])
    }
    #expect(seen == ["worker1"])
  }

  @Test func shuttingDown() throws {
    let seen = try with { application, seen in
      let more = try application.startWorkers(WorkerNodeOptions { $0.name = "worker2" })
      more.shutdown(.cold(grace: .seconds(1)))
      seen.append("\(more.isRunning)")
    }
    #expect(seen == ["false"])
  }

  /// What a newcomer types is a program of its own, which is built and run with the package that uses the libraries from outside.
  @Test func theProgramOfGettingStartedIsThatOfTheExternalClient() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let page = try String(
      contentsOf: root.appending(path: "Sources/TaskWorkers/TaskWorkers.docc/GettingStarted.md"), encoding: .utf8)
    let program = try String(
      contentsOf: root.appending(path: "Tests/ExternalClient/Sources/GettingStarted/Shop.swift"), encoding: .utf8)
    #expect(page.contains("```swift\n\(program)```"))
  }

  /// Every example is here word for word.
  @Test func examplesAreThoseOfThePage() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let page = folder.appending(path: "../../../Sources/TaskWorkers/TaskWorkers.docc/Recipes.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let tests = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    let plain = tests.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    let examples = text.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(examples.count == 13)
    for example in examples {
      let lines = example.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(plain.contains(lines.joined(separator: "\n")), "\(example)")
    }
  }
}

private struct Add: TaskDefinition {
  let x: Int
  let y: Int
  func run(_ context: TaskContext) throws -> Int { x + y }
}

private struct Multiply: TaskWithInput {
  let by: Int
  func run(_ input: Int, _ context: TaskContext) throws -> Int { input * by }
}

private struct Total: TaskWithInput {
  func run(_ input: [Int], _ context: TaskContext) throws -> Int { input.reduce(0, +) }
}

private struct ValueError: Error, CustomStringConvertible {
  let description = "no answer"
}

private struct Fetch: TaskDefinition {
  func run(_ context: TaskContext) throws -> Int { throw ValueError() }
}

private struct Report: TaskWithInput {
  func run(_ input: TaskFailure, _ context: TaskContext) throws -> String { input.description }
}
