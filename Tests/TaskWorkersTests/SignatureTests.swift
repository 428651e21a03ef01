import Serialization
import TaskWorkers
import Testing

@Suite struct SignatureTests {
  private let identifier = TaskIdentifier(high: 3, low: 4)

  private func message(
    options: TaskOptions = TaskOptions(), _ change: (inout ApplyOptions) -> Void
  ) -> TaskMessage {
    Signature("noop", arguments: .raw(), options: ApplyOptions(change))
      .message(identifier: identifier, options: options, now: 1_000)
  }

  @Test func countdownCountsFromTheMomentOfSending() {
    #expect(message { $0.countdown = .nanoseconds(50) }.eta == 1_050)
    #expect(message { _ in }.eta == 0)
  }

  @Test func etaIsAMomentAndGoesBeforeTheCountdown() {
    let sent = message {
      $0.eta = 7_000
      $0.countdown = .seconds(1)
    }
    #expect(sent.eta == 7_000)
  }

  @Test func expiresCountsFromTheMomentOfSending() {
    #expect(message { $0.expires = .nanoseconds(20) }.expires == 1_020)
    #expect(message(options: TaskOptions { $0.expires = .nanoseconds(5) }) { _ in }.expires == 1_005)
    #expect(
      message(options: TaskOptions { $0.expires = .nanoseconds(5) }) { $0.expires = .nanoseconds(9) }.expires == 1_009)
  }

  @Test func aCallGoesBeforeTheTasksOptions() {
    let options = TaskOptions {
      $0.priority = 5
      $0.ignoreResult = true
    }
    #expect(message(options: options) { _ in }.priority == 5)
    #expect(message(options: options) { _ in }.flags == .ignoresResult)
    let called = message(options: options) {
      $0.priority = 0
      $0.ignoreResult = false
    }
    #expect(called.priority == 0)
    #expect(!called.flags.contains(.ignoresResult))
  }

  /// Whoever sends a typed task need not have it registered.
  @Test func aTypedTaskCarriesItsOwnOptions() throws {
    let sent = try Urgent().signature().message(identifier: identifier, now: 1_000)
    #expect(sent.expires == 1_005 && sent.priority == 7 && sent.flags.contains(.ignoresResult))
    let options = ApplyOptions {
      $0.expires = .nanoseconds(9)
      $0.priority = 0
      $0.ignoreResult = false
    }
    let called = try Urgent().signature(options).message(identifier: identifier, now: 1_000)
    #expect(called.expires == 1_009 && called.priority == 0 && called.flags.contains(.wantsResult))
  }

  private struct Urgent: TaskDefinition {
    static var options: TaskOptions {
      TaskOptions {
        $0.expires = .nanoseconds(5)
        $0.priority = 7
        $0.ignoreResult = true
      }
    }
    func run(_ context: TaskContext) throws -> Int { 0 }
  }

  @Test func theFirstTaskIsItsOwnRoot() {
    #expect(message { _ in }.relations.root == identifier)
  }

  @Test func aTemplateSaysTheSameAsAMessage() throws {
    let options = ApplyOptions {
      $0.countdown = .nanoseconds(10)
      $0.expires = .nanoseconds(30)
      $0.priority = 3
      $0.softTimeLimit = .seconds(1)
      $0.headers = ["a": "b"]
    }
    var signature = Signature("noop", arguments: .raw([1, 2, 3]), options: options)
    signature.relations.root = identifier
    let template = try TaskTemplate(signature)
    var writer = ByteWriter()
    template.begin(&writer, identifier: identifier, now: 1_000)
    writer.append([1, 2, 3] as [UInt8])
    let isWhole = template.end(&writer)
    #expect(isWhole)
    var expected = signature.message(identifier: identifier, now: 1_000)
    expected.flags = .hasPriority
    #expect(writer.copied().taskMessage == expected)
  }
}
