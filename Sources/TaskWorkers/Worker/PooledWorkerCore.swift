public import DriverInterface
public import Platform
import Serialization

/// A worker whose tasks run in the lanes of a pool: threads, or processes that can be killed.
///
/// Roles: owned by one thread, which decides about messages, hands tasks over, and alone acknowledges and replies; see `WorkerCore` for
/// what is promised. In addition a task that acknowledges late and has `rejectOnWorkerLost` is run again, marked redelivered, when
/// the process that ran it dies, as often as `redeliveryLimit` allows; one without fails as WorkerLost. When the last lane has given up (its processes cannot be started any
/// more), everything in hand goes back into its queue, and no more is taken (see `failure`) until `resize` has added others.
public struct PooledWorkerCore<
  Endpoint: ReplyingReceiver & RoutingSender & ~Copyable, Time: TimeSource, Lane: TaskLane & ~Copyable
>: ~Copyable {
  /// What decides, acknowledges and replies.
  public var core: WorkerCore<Endpoint, Time>
  /// What runs the tasks.
  public var pool: LanePool<Lane>
  /// The messages of a batch as a lane gets them.
  private var bundle = ByteWriter()
  /// When the lanes want to be looked after at the latest.
  private var nextAttendance = Int64.max
  /// How the lanes end once they have everything that waits.
  private var pendingStop: LaneStop?
  /// Whether it takes no more because all lanes have given up, and not because it was stopped.
  var hasGivenUp = false

  /// A worker without lanes: they are added to `pool`, and make their attempts with `TaskLaneHandler`.
  /// - Parameters:
  ///   - canKill: Whether the lanes are processes: then tasks may have hard time limits.
  ///   - laneLimit: The most lanes that there may be at a time.
  ///   - bell: The lanes' bell, if the worker is to sleep there too: see `prepareToWait`.
  public init(
    endpoint: consuming Endpoint, registry: TaskRegistry, options: WorkerOptions, time: Time, canKill: Bool,
    laneLimit: Int, bell: LaneBell? = nil
  ) {
    core = WorkerCore(
      endpoint: endpoint, registry: registry, options: options, time: time,
      bell: bell.map(WorkerBell.init(of:)) ?? WorkerBell(), runsHere: false)
    core.canKill = canKill
    pool = LanePool(capacity: laneLimit)
  }

  /// Takes completions, hands over tasks, and takes at most one batch of messages. Never waits.
  /// - Returns: how much was done; 0 when there was nothing to do.
  public mutating func step(limit: Int, now: Int64) -> Int {
    nextAttendance = pool.attend(now: now)
    core.now = now
    var done = takeCompletions()
    if pool.takingCount == 0, pool.failure != nil { done += giveUp() }
    // What has just ended may have caused messages of that moment, which must not seem to be of the future.
    done += core.step(limit: core.hands.waitingCount > 0 ? 0 : limit, now: core.presentTime())
    done += handOver()
    if done > 0 { core.flush() }
    return done
  }

  /// How many attempts have been begun at most: those of the worker, and those that lanes made again because a process had died.
  public var attemptLimit: Int { core.attemptCount + pool.replayCount }

  /// Why a lane has given up, in a sentence; nil as long as none has. The others go on.
  public var failure: String? { pool.failure }

  /// Nobody is left to run anything: lets others have it.
  private mutating func giveUp() -> Int {
    if !core.isStopping {
      hasGivenUp = true
      core.stop()
      core.giveBackHeld()
    }
    let count = core.waitingCount
    core.giveBackWaiting()
    return count
  }

  /// When `step` has something to do without a message or a ring of the lanes' bell.
  public var nextMoment: Int64 { min(nextAttendance, core.nextMoment ?? .max) }

  private mutating func takeCompletions() -> Int {
    var done = 0
    while let completion = pool.nextCompletion() {
      core.complete(completion)
      done += 1
    }
    if done > 0 { pool.releaseCompletions() }
    return done
  }

  private mutating func handOver() -> Int {
    var done = 0
    loop: while let hand = core.hands.firstWaiting {
      guard !core.endIfFirstIsUnwanted(hand) else {
        done += 1
        continue
      }
      guard !core.isAsynchronous(hand) else {
        let started = core.startWaiting()
        done += started
        if started == 0 { break }
        continue
      }
      switch pool.tryHandOver(core.order(for: hand), hand.body) {
      case .taken: core.begin(hand)
      case .full, .closed: break loop
      case .tooLarge:
        core.hands.removeFirstWaiting(hasBegun: false)
        core.refuseTooLarge(hand)
      }
      done += 1
    }
    done += handOverBatches()
    if done > 0 { pool.flush() }
    if let stop = pendingStop, core.waitingCount == 0 {
      pool.stop(stop)
      pendingStop = nil
    }
    return done
  }

  /// Hands over what was gathered, as many batches as may be under way.
  private mutating func handOverBatches() -> Int {
    var done = 0
    while true {
      // What it ends without a lane is something done, too.
      let count = core.gathered.count
      var batch = core.nextBatch(laneCount: pool.takingCount)
      done += count - core.gathered.count
      guard !batch.isEmpty else { return done }
      var admission = handOver(batch)
      // As many as fit; the others wait for the next one.
      while admission == .tooLarge, batch.count > 1 {
        batch.removeLast(batch.count / 2)
        admission = handOver(batch)
      }
      switch admission {
      case .taken: core.begin(batch)
      case .full, .closed: return done
      case .tooLarge:
        core.gathered.removeFirst(1)
        core.refuseTooLarge(batch[0])
      }
      done += 1
    }
  }

  private mutating func handOver(_ batch: [TaskHand]) -> LaneAdmission {
    guard batch.count > 1 else { return pool.tryHandOver(core.order(for: batch), batch[0].body) }
    bundle.removeAll()
    MessageBundle.begin(batch.count, in: &bundle)
    for hand in batch { unsafe MessageBundle.append(BorrowedBytes(hand.body.bytes), to: &bundle) }
    guard !bundle.hasOverflowed else { return .tooLarge }
    return pool.tryHandOver(
      core.order(for: batch), unsafe MessageBody(start: bundle.bytes.start, count: bundle.count))
  }

  /// Calls a task off: one that has not come, one that waits for a place, or one that runs, which is killed with `terminate` if the
  /// lanes are processes, and asked to stop otherwise; not one that runs together with others.
  public mutating func revoke(_ identifier: TaskIdentifier, terminate: Bool = false, now: Int64) {
    core.revoke(identifier, now: now)
    guard terminate else { return }
    for hand in core.hands.all where hand.attempt != 0 && !hand.isInBatch && hand.envelope.identifier == identifier {
      _ = pool.terminate(ticket: UInt64(hand.slot))
    }
  }

  /// Takes no more messages, and lets the lanes end: warm, when everything in hand is done; cold, with what has not begun going back
  /// into its queue. Keep stepping until `isStopped`.
  public mutating func stop(_ stop: LaneStop) {
    hasGivenUp = false
    core.stop(stop)
    if core.waitingCount == 0 { pool.stop(stop) } else { pendingStop = stop }
  }

  /// Whether every task in hand has ended, and every lane.
  public var isStopped: Bool { pendingStop == nil && pool.count == 0 && core.isDrained }
}

extension PooledWorkerCore: WaitingEndpoint where Endpoint: BelledEndpoint & ~Copyable, Lane: ~Copyable {
  /// Announces that the owner is about to sleep: it must step once more, then call `wait` or `cancelWait`. It is woken by messages,
  /// room for what is held back, completions and deaths in lanes that ring at the bell that it was given, and whoever rings there.
  public mutating func prepareToWait() { core.prepareToWait() }

  /// Withdraws the announcement.
  public mutating func cancelWait() { core.cancelWait() }

  /// Sleeps until woken or for the given time, and withdraws the announcement. May return early.
  public mutating func wait(timeoutNanoseconds: Int64) { core.wait(timeoutNanoseconds: timeoutNanoseconds) }
}
