import DriverInterface
import WorkloadLoops

/// What is still on its way, and what is lost, where queues may lose messages by rule: the subject says how many it dropped,
/// expired or moved, and the rest must have been handled.
///
/// For queues without such rules the sum is what it always is: accepted less received.
struct QueueAccounts {
  private let plan: WorkloadPlan
  private let workerSet: WorkerSet
  private let driver: any Driver
  /// By queue, at the start of the phase.
  private let acceptedBefore: [String: Int]
  private let departuresBefore: [String: SubjectStatistics.Departures]

  /// Opens the books of a phase; nil where no queue has such rules.
  init?(_ plan: WorkloadPlan, _ workerSet: WorkerSet, _ driver: any Driver) {
    guard !plan.accounts.isEmpty else { return nil }
    self.plan = plan
    self.workerSet = workerSet
    self.driver = driver
    acceptedBefore = workerSet.acceptedCounts
    departuresBefore = driver.statistics().departures
  }

  /// What left the queues unhandled in the phase.
  struct Balance {
    var departures = SubjectStatistics.Departures()
    /// Messages that nobody accounts for.
    var missingCount = 0
    /// Where they are missing, in words.
    var remarks: [String] = []
    /// Whether the subject holds nothing any more: what is missing then will not come.
    var isEmpty = true
  }

  /// The state of this moment. Exact when nobody works; before, it may count what has just been handled as missing.
  func balance() -> Balance {
    // What the subject says first, what was handled after: what happens between the two is only missed for now.
    let statistics = driver.statistics()
    let departures = statistics.departures.merging(departuresBefore) { $0 - $1 }
    let accepted = workerSet.acceptedCounts.merging(acceptedBefore) { $0 - $1 }
    var balance = Balance()
    balance.departures = departures.values.reduce(.init(), +)
    balance.isEmpty = statistics.queues.allSatisfy { $0.readyCount + $0.unacknowledgedCount + $0.delayedCount == 0 }
    for account in plan.accounts {
      let sent = account.queues.reduce(0) { $0 + (accepted[$1] ?? 0) }
      let copies = account.queues.reduce(0) { sum, queue in
        sum + (departures[queue]?.deadLettered ?? 0) * ((account.deadLetterCopies[queue] ?? 0) - 1)
      }
      let gone = account.queues.reduce(0) { $0 + (departures[$1]?.gone ?? 0) }
      let handled = consumers(of: account.queues).reduce(0) {
        // What arrived damaged is that, not lost as well.
        $0 + $1.value(of: .settled) + $1.value(of: .corrupted) - $1.value(of: .duplicated)
      }
      note(sent + copies - gone - handled, in: account.queues, &balance) {
        "\(sent) accepted, \(handled) handled, \(gone) expired, dropped or thrown away"
      }
    }
    let accounted = Set(plan.accounts.flatMap(\.queues))
    for ledger in workerSet.ledgers where !accounted.contains(ledger.name) {
      let received = consumers(of: [ledger.name]).reduce(0) { $0 + $1.value(of: .unique) }
      let sent = accepted[ledger.name] ?? 0
      note(sent - received, in: [ledger.name], &balance) { "\(sent) accepted, \(received) received" }
    }
    return balance
  }

  private func note(_ missing: Int, in queues: [String], _ balance: inout Balance, words: () -> String) {
    guard missing > 0 else { return }
    balance.missingCount += missing
    balance.remarks.append("lost: \(missing) of \(queues.joined(separator: " and ")) (\(words()))")
  }

  private func consumers(of queues: [String]) -> [WorkerMeters] {
    let workers = workerSet.workers.filter { $0.role == .consumer }
    return zip(plan.consumers, workers).filter { queues.contains($0.0.queue) }.map(\.1.meters)
  }
}

extension WorkerSet {
  /// By queue: messages accepted so far that its own producers sent.
  fileprivate var acceptedCounts: [String: Int] {
    Dictionary(
      ledgers.map { ledger in
        (ledger.name, ledger.streams.reduce(0) { $0 + Int(board.acceptedCount(ofStream: $1)) })
      }, uniquingKeysWith: +)
  }
}

extension SubjectStatistics {
  fileprivate var departures: [String: Departures] {
    Dictionary(queues.map { ($0.name, $0.departures) }, uniquingKeysWith: +)
  }
}
