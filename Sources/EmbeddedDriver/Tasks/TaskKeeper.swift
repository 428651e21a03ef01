import DriverInterface
import MessageBroker
import Platform
import Synchronization
import TaskWorkers
import WorkloadLoops

/// A thread that holds the tasks of a queue whose time has not come: countdowns, and attempts that wait to be made again. Asleep until
/// the next of them is due; on no core in particular.
final class TaskKeeper: Sendable {
  /// What the thread looks at. Not the keeper itself, which the thread would keep alive.
  private final class Flag: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  private let flag = Flag()
  private let thread: Guarded<PinnedThread?>

  /// Messages that are taken in at a time.
  private static var batchLimit: Int { 256 }

  /// Starts the thread, for a queue that is declared.
  /// - Throws: `BrokerError`, or `PinnedThread.StartError` when the system refuses another thread.
  init(_ broker: Broker, queue: String, time: CycleCounter) throws {
    _ = try broker.declareQueue(WorkerOptions.etaQueue(of: queue))
    let endpoint = try TaskEndpointOpener(broker: broker).openKeeper(of: queue)
    let box = LoopBox(EtaKeeper(endpoint: endpoint, now: time.now()))
    let flag = self.flag
    let started = try PinnedThread(name: "keeper", core: nil) { box.withLoop { Self.run(&$0, flag, time) } }
    thread = Guarded(started)
  }

  deinit {
    flag.isOver.store(true, ordering: .relaxed)
    thread.withLock { $0 }?.join()
  }

  private static func run(_ keeper: inout EtaKeeper<BrokerEndpoint>, _ flag: Flag, _ time: CycleCounter) {
    var idler = Idler(ChosenWait(.park))
    while !flag.isOver.load(ordering: .relaxed) {
      let now = time.now()
      if keeper.step(limit: Self.batchLimit, now: now) > 0 {
        idler.found(on: &keeper.endpoint)
      } else {
        idler.nothing(on: &keeper.endpoint, timeoutNanoseconds: keeper.nextMoment.map { max(0, $0 &- now) } ?? .max)
      }
    }
    idler.found(on: &keeper.endpoint)
  }
}
