import Platform
import Testing

@testable import TaskWorkers

/// Those who wait for a result of an application that takes none in any more.
@Suite(.timeLimit(.minutes(1))) struct ClosedApplicationTests {
  private final class NotedBell: ResultBell {
    let answers = Guarded<[ResultDesk.Answer]>([])
    func ring(_ answer: ResultDesk.Answer) { answers.withLock { $0.append(answer) } }
  }

  /// They used to wait in vain: without a thread for ever, whatever their time-out.
  @Test func whoWaitsIsToldThatTheApplicationIsClosed() async throws {
    let world = try ApplicationWorld()
    let sum = try world.application.delay(Add(x: 1, y: 1))
    let bell = NotedBell()
    let (answer, _) = world.application.results.wait(for: sum.identifier, until: nil, bell: bell)
    #expect(answer == nil)
    world.application.close()
    let answers = bell.answers.withLock { $0 }
    #expect(answers.count == 1)
    guard case .failure(.closed)? = answers.first else {
      Issue.record("\(answers)")
      return
    }
    let late = await #expect(throws: TaskResultError.self) { try await sum.value(timeout: .seconds(3600)) }
    let parked = #expect(throws: TaskResultError.self) { try sum.get() }
    for error in [late, parked] {
      guard case .closed? = error else {
        Issue.record("\(error as Any)")
        return
      }
    }
    #expect(sum.state == .pending)
  }

  @Test func whoWaitsIsToldThatTheApplicationIsGone() throws {
    let sum = try ApplicationWorld().application.delay(Add(x: 1, y: 1))
    let error = #expect(throws: TaskResultError.self) { try sum.get() }
    guard case .closed? = error else {
      Issue.record("\(error as Any)")
      return
    }
  }

  @Test func resultsThatHadComeAreStillThere() throws {
    let world = try ApplicationWorld()
    let sum = try world.application.delay(Add(x: 1, y: 1))
    world.run()
    world.application.close()
    #expect(try sum.get() == 2)
  }
}
