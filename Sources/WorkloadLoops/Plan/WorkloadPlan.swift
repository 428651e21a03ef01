public import Distributions
public import DriverInterface
public import Histograms
public import Platform

/// A workload as a driver needs it to make the workers: no file format, no statistics, plain numbers.
public struct WorkloadPlan: Sendable {
  /// The kind of traffic.
  public enum Pattern: Sendable, Equatable {
    /// A bare ring between producers and consumers.
    case ring(RingPlan)
    /// Competing consumers of queues.
    case workQueue
    /// Clients and servers.
    case requestReply
    /// Clients that send tasks, and workers that run them.
    case tasks(TaskPlan)

    /// Whether producers are clients that get an answer to each message.
    public var hasAnswers: Bool {
      switch self {
      case .requestReply, .tasks: true
      case .ring, .workQueue: false
      }
    }
  }

  /// How an idle thread waits.
  @frozen
  public enum Wait: Sendable, Equatable {
    case spin, yield, backoff, park, spinThenPark

    /// Whether a thread that waits this way ever parks.
    public var parks: Bool {
      switch self {
      case .park, .spinThenPark: true
      case .spin, .yield, .backoff: false
      }
    }
  }

  /// A bare ring.
  public struct RingPlan: Sendable, Equatable, BitwiseCopyable {
    /// Who shares it, and how.
    public enum Kind: Sendable, Equatable, BitwiseCopyable {
      /// One producer, one consumer.
      case singleProducer
      /// Any number of producers, one consumer, one order for all.
      case manyToOne
      /// A single-producer ring for each producer, swept by one consumer.
      case lanes
      /// Any number of both.
      case manyToMany
      /// One producer, and every consumer gets every item. With `laps` the producer does not wait for slow ones.
      case broadcast(laps: Bool)
      /// One producer, one consumer, items as records of bytes.
      case bytes
      /// Any number of both, the newest item first.
      case stack
    }

    /// Who shares it, and how.
    public var kind: Kind
    /// Slots, a power of two.
    public var capacity: Int
    /// Whether items are published now and then instead of one by one.
    public var publishesLazily: Bool
    /// Whether each item comes back through a second ring.
    public var isRoundTrip: Bool
    /// Bytes of an item.
    public var itemByteCount: Int
    /// Whether the consumers (of a round trip, the far end) are another process, with the ring in memory of both.
    public var isBetweenProcesses: Bool
    /// Whether items are records whose sizes are drawn; `itemByteCount` is then the largest.
    public var hasVaryingRecords: Bool

    /// Creates a plan.
    public init(
      kind: Kind, capacity: Int, publishesLazily: Bool, isRoundTrip: Bool, itemByteCount: Int,
      isBetweenProcesses: Bool = false, hasVaryingRecords: Bool = false
    ) {
      self.kind = kind
      self.capacity = capacity
      self.publishesLazily = publishesLazily
      self.isRoundTrip = isRoundTrip
      self.itemByteCount = itemByteCount
      self.isBetweenProcesses = isBetweenProcesses
      self.hasVaryingRecords = hasVaryingRecords
    }
  }

  /// One producing thread (a client, with `requestReply`).
  public struct Producer: Sendable {
    /// `group.index`, for names of threads and messages.
    public var name: String
    /// Exchange to publish to.
    public var exchange: String
    /// Routing keys, used in turn unless `keyChoice` draws them.
    public var keys: [String]
    /// By routing key: the queues that must get each of its messages, as the harness worked them out. Not used by rings and by
    /// `requestReply`.
    public var queuesByKey: [[String]]
    /// Draws the index of each batch's routing key; nil for one after the other.
    public var keyChoice: KeyDistribution?
    /// Headers of every message.
    public var headers: [String: String]
    /// Bytes of the largest body, and of each when `payloadSizes` does not draw them.
    public var payloadByteCount: Int
    /// Draws the size of each body from its number; nil when all are alike.
    public var payloadSizes: ValueDistribution?
    /// About the share of each body that a compressor can save.
    public var compressibleShare: Double
    /// How bodies travel.
    public var encoding = PayloadEncoding.plain
    /// Messages handed over at once.
    public var batchCount: Int
    /// Draws each message's priority, 0 to 255, from its number.
    public var priorities = ValueDistribution.fixed(0)
    /// How long a message may wait in a queue, in nanoseconds; nil for as long as the queue allows.
    public var expirationNanoseconds: Int64?
    /// Whether messages ask to survive a restart.
    public var isPersistent = false
    /// Whether messages that reach no queue come back.
    public var isMandatory = false
    /// The most confirms outstanding; 0 for none.
    public var confirmsOutstandingLimit: Int
    /// How long a client waits for a reply, in nanoseconds.
    public var timeoutNanoseconds: Int64
    /// How it waits.
    public var wait: Wait
    /// Whether it sends by the schedules of the plan's tasks, and not by the load; the last one does, if any.
    public var isBeat = false

    /// Creates a producer's plan.
    public init(
      name: String, exchange: String = "", keys: [String] = [], queuesByKey: [[String]] = [],
      keyChoice: KeyDistribution? = nil, headers: [String: String] = [:],
      payloadByteCount: Int, payloadSizes: ValueDistribution? = nil, compressibleShare: Double = 0,
      batchCount: Int = 1, confirmsOutstandingLimit: Int = 0, timeoutNanoseconds: Int64 = 1_000_000_000, wait: Wait
    ) {
      self.name = name
      self.exchange = exchange
      self.keys = keys
      self.queuesByKey = queuesByKey
      self.keyChoice = keyChoice
      self.headers = headers
      self.payloadByteCount = payloadByteCount
      self.payloadSizes = payloadSizes
      self.compressibleShare = compressibleShare
      self.batchCount = batchCount
      self.confirmsOutstandingLimit = confirmsOutstandingLimit
      self.timeoutNanoseconds = timeoutNanoseconds
      self.wait = wait
    }
  }

  /// One consuming thread (a server, with `requestReply`).
  public struct Consumer: Sendable {
    /// `group.index`.
    public var name: String
    /// Queue to take from.
    public var queue: String
    /// The most unacknowledged messages.
    public var prefetchCount: Int
    /// What is acknowledged.
    public var acknowledgement: Acknowledgement
    /// Work per message.
    public var handler: HandlerPlan
    /// Which of its messages fail; nil for none.
    public var failures: FailurePlan?
    /// Among consumers of a queue that asks for priorities, higher ones come first.
    public var priority = 0
    /// The order in which it must get its messages.
    public var order = OrderCheck.perProducer
    /// The most messages taken at once.
    public var batchCount: Int
    /// How it waits.
    public var wait: Wait
    /// What is broken on its way from the subject, on purpose.
    public var faults: FaultInjection

    /// Creates a consumer's plan.
    public init(
      name: String, queue: String = "", prefetchCount: Int = 256, acknowledgement: Acknowledgement = .each,
      handler: HandlerPlan = .none, batchCount: Int = 1, wait: Wait, faults: FaultInjection = FaultInjection()
    ) {
      self.name = name
      self.queue = queue
      self.prefetchCount = prefetchCount
      self.acknowledgement = acknowledgement
      self.handler = handler
      self.batchCount = batchCount
      self.wait = wait
      self.faults = faults
    }
  }

  /// The order in which a consumer must get its messages, redeliveries aside.
  public enum OrderCheck: Sendable, Equatable {
    /// None.
    case none
    /// Each stream's numbers rise.
    case perProducer
    /// The same, and each stream goes to one consumer of the queue only.
    case perKey
  }

  /// What a consumer acknowledges.
  @frozen
  public enum Acknowledgement: Sendable, Equatable {
    /// Each message by itself.
    case each
    /// Nothing: delivery is enough.
    case none
    /// Every n-th message, and all before it.
    case every(Int)
  }

  /// The kind of traffic.
  public var pattern: Pattern
  /// What to declare first.
  public var topology: Topology
  /// The producing threads.
  public var producers: [Producer]
  /// The consuming threads.
  public var consumers: [Consumer]
  /// Work per message in nanoseconds, by the group of its producer: index like `producers`.
  public var serviceTimes: [ValueDistribution]
  /// Whether bodies carry and are checked by a CRC-32C.
  public var checksPayload: Bool
  /// Whether order is checked at all; see `Consumer.order`.
  public var checksOrder: Bool
  /// Queues that lose messages by their own rules or their consumers'.
  public var accounts: [QueueAccount] = []
  /// By queue: the queues that get its dead letters, as the harness worked them out.
  public var deadLetterQueues: [String: [String]] = [:]
  /// Whether bodies have the sizes that the producers' plans say; not when a trace says other ones.
  public var checksSizes = true
  /// Messages that each producer notes per phase for a trace; 0 for none.
  public var sendLogCapacity = 0
  /// Seed of everything random.
  public var seed: UInt64
  /// Shape of all histograms.
  public var histogramLayout: HistogramLayout
  /// The run's one time source.
  public var time: CycleCounter
  /// The time of a simulation in place of `time`: then all workers are `SimulatedWorker`s. Not for rings.
  public var simulatedClock: SimulatedClock?

  /// Creates a plan.
  public init(
    pattern: Pattern, topology: Topology, producers: [Producer], consumers: [Consumer],
    serviceTimes: [ValueDistribution], checksPayload: Bool, checksOrder: Bool, seed: UInt64,
    histogramLayout: HistogramLayout, time: CycleCounter
  ) {
    self.pattern = pattern
    self.topology = topology
    self.producers = producers
    self.consumers = consumers
    self.serviceTimes = serviceTimes
    self.checksPayload = checksPayload
    self.checksOrder = checksOrder
    self.seed = seed
    self.histogramLayout = histogramLayout
    self.time = time
  }
}
