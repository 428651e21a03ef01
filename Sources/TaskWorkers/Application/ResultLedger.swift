/// What is known of the tasks whose results somebody wants, and who waits for which.
///
/// A value: it reads no clock, wakes nobody and takes no lock. The shell around it wakes the waiters that it names.
///
/// Invariants
/// - The first final outcome of a task counts; later ones (of a task that was executed twice) change nothing and are counted.
/// - A waiter is named exactly once: by the outcome that it waited for, by its deadline, by `forget`, or by its own withdrawal.
/// - An entry lives as long as a handle holds it, and an outcome in it for its own lifetime at most.
struct ResultLedger<Outcome: Sendable>: Sendable {
  /// Limits of a ledger, each with its default.
  struct Limits: Sendable, Equatable {
    /// Tasks whose handles exist at a time.
    var entryCount = 1_048_576
  }

  /// Names a waiter; the shell knows what to wake by it.
  typealias Waiter = UInt64

  /// What a waiter finds.
  enum Finding: Sendable {
    /// The task has ended.
    case ended(Outcome)
    /// It has not: the waiter is noted, and will be named.
    case waiting
    /// Nobody holds the task.
    case unknown
    /// It has, and its outcome was kept for long enough.
    case expired
  }

  /// What there is to tell waiters.
  struct Notice: Sendable {
    /// Who waited.
    var waiters: [Waiter] = []
    /// What for; nil when the wait is over without it.
    var outcome: Outcome?
  }

  private struct Entry {
    var state = TaskState.pending
    var outcome: Outcome?
    var waiters: [Waiter] = []
    var holderCount = 1
    /// How long the outcome is kept, in nanoseconds; `.max` for as long as the entry.
    let lifetime: Int64
    /// Whether somebody got the outcome.
    var isFetched = false
  }

  private struct Wait {
    let task: TaskIdentifier
    let deadline: Int64?
  }

  /// Outcomes of tasks that nobody holds.
  private(set) var unclaimedCount: UInt64 = 0
  /// Outcomes of tasks that had one already.
  private(set) var repeatedCount: UInt64 = 0
  /// Outcomes that were thrown away because nobody asked for them in time.
  private(set) var expiredCount: UInt64 = 0

  private let limits: Limits
  private var entries: [TaskIdentifier: Entry] = [:]
  private var waits: [Waiter: Wait] = [:]
  /// Tasks with an outcome that expires.
  private var arrivals = LifetimeOrders()
  private var lastWaiter: Waiter = 0

  init(limits: Limits = Limits()) { self.limits = limits }

  /// Places in the orders of arrival.
  var arrivalCount: Int { arrivals.count }
  /// Tasks that are held.
  var entryCount: Int { entries.count }
  /// Waiters that were not named yet.
  var waiterCount: Int { waits.count }
  /// The earliest moment at which `expire` has a waiter to name.
  private(set) var nextDeadline: Int64?

  /// Notes one more holder of a task; false when too many tasks are held.
  /// - Parameter lifetime: How long its outcome is kept from its arrival on, in nanoseconds, as its first holder says; `.max` for as long
  ///   as there is a holder.
  mutating func hold(_ task: TaskIdentifier, lifetimeNanoseconds lifetime: Int64 = .max) -> Bool {
    if entries[task] != nil {
      entries[task]?.holderCount += 1
      return true
    }
    guard entries.count < limits.entryCount else { return false }
    entries[task] = Entry(lifetime: lifetime)
    return true
  }

  /// One holder less; with the last one the entry goes. A holder does not wait while it lets go.
  mutating func release(_ task: TaskIdentifier) {
    guard let count = entries[task]?.holderCount else { return }
    if count > 1 { entries[task]?.holderCount = count - 1 } else { entries[task] = nil }
  }

  /// A message about a task has come.
  mutating func note(_ state: TaskState, of task: TaskIdentifier, outcome: Outcome, now: Int64) -> Notice {
    guard var entry = entries[task] else {
      unclaimedCount += 1
      return Notice()
    }
    guard entry.outcome == nil, !entry.state.isFinal else {
      if state.isFinal { repeatedCount += 1 }
      return Notice()
    }
    entry.state = state
    guard state.isFinal else {
      entries[task] = entry
      return Notice()
    }
    let waiters = entry.waiters
    entry.outcome = outcome
    entry.waiters = []
    entry.isFetched = !waiters.isEmpty
    entries[task] = entry
    if entry.lifetime != .max { noteArrival(task, lifetime: entry.lifetime, now: now) }
    for waiter in waiters { remove(waiter) }
    return Notice(waiters: waiters, outcome: outcome)
  }

  /// The last state that was heard of; PENDING when nothing is known.
  func state(of task: TaskIdentifier) -> TaskState { entries[task]?.state ?? .pending }

  /// The outcome, if it is there.
  func outcome(of task: TaskIdentifier) -> Outcome? { entries[task]?.outcome }

  /// Somebody wants the outcome, until `deadline` at the latest.
  /// - Returns: what there is, and the name of the wait when there is nothing yet.
  mutating func wait(for task: TaskIdentifier, until deadline: Int64?) -> (finding: Finding, waiter: Waiter) {
    guard var entry = entries[task] else { return (.unknown, 0) }
    if let outcome = entry.outcome {
      entries[task]?.isFetched = true
      return (.ended(outcome), 0)
    }
    // A final state without its outcome.
    guard !entry.state.isFinal else { return (.expired, 0) }
    lastWaiter += 1
    entry.waiters.append(lastWaiter)
    entries[task] = entry
    waits[lastWaiter] = Wait(task: task, deadline: deadline)
    if let deadline { nextDeadline = min(deadline, nextDeadline ?? .max) }
    return (.waiting, lastWaiter)
  }

  /// A waiter does not wait any more; false when it was named meanwhile.
  mutating func withdraw(_ waiter: Waiter) -> Bool {
    guard let wait = waits[waiter] else { return false }
    entries[wait.task]?.waiters.removeAll { $0 == waiter }
    remove(waiter)
    return true
  }

  /// Nobody wants to know any more (`forget`): what is known goes, and waiters wait no longer.
  mutating func forget(_ task: TaskIdentifier) -> Notice {
    guard let waiters = entries[task]?.waiters else { return Notice() }
    entries[task] = nil
    for waiter in waiters { remove(waiter) }
    return Notice(waiters: waiters)
  }

  /// What time does: names the waiters whose deadline has come, and throws away outcomes that were kept for long enough.
  mutating func expire(now: Int64) -> Notice {
    while let old = arrivals.popFirst(overBy: now) { dropOutcome(of: old) }
    guard let nextDeadline, nextDeadline <= now else { return Notice() }
    let late = waits.filter { $0.value.deadline.map { $0 <= now } ?? false }
    for (waiter, wait) in late {
      entries[wait.task]?.waiters.removeAll { $0 == waiter }
      waits[waiter] = nil
    }
    self.nextDeadline = waits.values.compactMap(\.deadline).min()
    return Notice(waiters: late.keys.sorted())
  }

  private mutating func dropOutcome(of task: TaskIdentifier) {
    guard let entry = entries[task], entry.outcome != nil else { return }
    entries[task]?.outcome = nil
    if !entry.isFetched { expiredCount += 1 }
  }

  private mutating func noteArrival(_ task: TaskIdentifier, lifetime: Int64, now: Int64) {
    arrivals.append(task, lifetime: lifetime, at: now)
    if arrivals.count > 2 * entries.count + 64 { arrivals.keep { entries[$0]?.outcome != nil } }
  }

  /// The deadline may stay behind: then the next look finds nobody late, and a new one.
  private mutating func remove(_ waiter: Waiter) { waits[waiter] = nil }
}

extension Duration {
  /// How long results are kept that expire after this: for ever after none.
  var resultLifetimeNanoseconds: Int64 { self > .zero ? wholeNanoseconds : .max }
}
