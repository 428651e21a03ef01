import Distributions
import DriverInterface
import Histograms
import Platform
import Serialization
import WorkloadLoops

/// What a child of a pool must know of a plan to run its tasks as the plan's own process would, and how it travels: plain words.
struct TaskChildRecipe {
  /// The part of the plan that tasks look at: what they are sent, and what of it they check.
  let plan: WorkloadPlan
  /// The kinds of tasks, as far as their bodies go: when and where they run is their worker's business.
  let kinds: [WorkloadPlan.TaskPlan.Kind]
  /// What tasks get from those before them; nil where their identities do not say which they are.
  let inputs: WorkflowInputs?

  init(_ plan: WorkloadPlan, _ tasks: WorkloadPlan.TaskPlan) {
    self.plan = plan
    kinds = tasks.kinds
    inputs = tasks.isPlain ? nil : WorkflowInputs(tasks.kinds.indices.map { WorkflowRecipe($0, of: tasks) })
  }

  // MARK: - As words

  /// The recipe as words.
  var words: PeerWords {
    var words = PeerWords()
    words.append(plan.seed)
    words.append(UInt64(bitPattern: plan.histogramLayout.highestTrackable))
    words.append(UInt64(plan.histogramLayout.significantDigits))
    words.append(UInt64(bitPattern: plan.histogramLayout.lowestDiscernible))
    words.append(plan.checksPayload ? 1 : 0)
    words.append(plan.checksSizes ? 1 : 0)
    words.append(UInt64(plan.producers.count))
    for producer in plan.producers {
      words.append(UInt64(producer.payloadByteCount))
      words.append(producer.sizes)
      words.append(UInt64(producer.encoding.shape.rawValue))
      words.append(UInt64(producer.encoding.serializer.code))
      words.append(UInt64(producer.encoding.compression.code))
    }
    words.append(UInt64(kinds.count))
    for kind in kinds {
      words.append(text: kind.name)
      words.append(kind.busy)
      words.append(kind.serviceTime)
      words.append(kind.failingShare.bitPattern)
      words.append(UInt64(kind.retryLimit))
      words.append(UInt64(kind.batchCount))
      words.append(UInt64(kind.payloadByteCount))
      words.append(kind.payloadSizes == nil ? 0 : 1)
      if let sizes = kind.payloadSizes { words.append(sizes) }
      // 0 for none: limits are positive.
      words.append(UInt64(kind.softTimeLimitNanoseconds ?? 0))
    }
    words.append(inputs == nil ? 0 : 1)
    if let inputs { words.append(inputs) }
    return words
  }

  /// The recipe that somebody else has made words of.
  /// - Parameter time: The time source of the bodies.
  /// - Throws: `PeerMessageError` when these are no such words.
  init(from words: inout PeerWords, time: CycleCounter) throws(PeerMessageError) {
    let seed = try words.word()
    let layout = HistogramLayout(
      validatingHighestTrackable: Int64(bitPattern: try words.word()),
      significantDigits: Int(truncatingIfNeeded: try words.word()),
      lowestDiscernible: Int64(bitPattern: try words.word()))
    guard let layout else { throw PeerMessageError() }
    let checksPayload = try words.word() != 0
    let checksSizes = try words.word() != 0
    var producers: [WorkloadPlan.Producer] = []
    for _ in 0..<(try words.count()) { producers.append(try words.producer()) }
    var kinds: [WorkloadPlan.TaskPlan.Kind] = []
    for _ in 0..<(try words.count()) { kinds.append(try words.kind()) }
    guard !kinds.isEmpty, !producers.isEmpty else { throw PeerMessageError() }
    self.kinds = kinds
    inputs = try words.word() == 0 ? nil : try words.inputs()
    var plan = WorkloadPlan(
      pattern: .tasks(.init(kinds: kinds)), topology: .init(), producers: producers, consumers: [], serviceTimes: [],
      checksPayload: checksPayload, checksOrder: false, seed: seed,
      histogramLayout: layout, time: time)
    plan.checksSizes = checksSizes
    self.plan = plan
  }
}

extension PeerWords {
  fileprivate mutating func append(_ distribution: ValueDistribution) {
    let words = distribution.words
    append(UInt64(words.count))
    for word in words { append(word) }
  }

  fileprivate mutating func append(_ busy: HandlerPlan.Busy) {
    switch busy {
    case .spin: append(0)
    case .sleep: append(1)
    case .touch: append(2)
    case .fibonacci(let number):
      append(3)
      append(UInt64(number))
    }
  }

  fileprivate mutating func append(_ inputs: WorkflowInputs) {
    append(UInt64(inputs.counts.count))
    for counts in inputs.counts {
      append(UInt64(counts.count))
      for count in counts { append(UInt64(count)) }
    }
  }

  fileprivate mutating func distribution() throws(PeerMessageError) -> ValueDistribution {
    var words: [UInt64] = []
    for _ in 0..<(try count()) { words.append(try word()) }
    guard let distribution = ValueDistribution(words: words) else { throw PeerMessageError() }
    return distribution
  }

  fileprivate mutating func busy() throws(PeerMessageError) -> HandlerPlan.Busy {
    switch try word() {
    case 0: return .spin
    case 1: return .sleep
    case 2: return .touch
    case 3: return .fibonacci(Int(truncatingIfNeeded: try word()))
    default: throw PeerMessageError()
    }
  }

  fileprivate mutating func producer() throws(PeerMessageError) -> WorkloadPlan.Producer {
    let byteCount = Int(truncatingIfNeeded: try word())
    let sizes = try distribution()
    var producer = WorkloadPlan.Producer(name: "", payloadByteCount: byteCount, payloadSizes: sizes, wait: .park)
    guard let shape = PayloadShape(rawValue: UInt8(truncatingIfNeeded: try word())),
      let serializer = Serializer(code: UInt8(truncatingIfNeeded: try word())),
      let compression = Compression(code: UInt8(truncatingIfNeeded: try word()))
    else { throw PeerMessageError() }
    producer.encoding = PayloadEncoding(shape: shape, serializer: serializer, compression: compression)
    return producer
  }

  fileprivate mutating func kind() throws(PeerMessageError) -> WorkloadPlan.TaskPlan.Kind {
    var kind = WorkloadPlan.TaskPlan.Kind(name: try text())
    kind.busy = try busy()
    kind.serviceTime = try distribution()
    kind.failingShare = Double(bitPattern: try word())
    kind.retryLimit = Int(truncatingIfNeeded: try word())
    kind.batchCount = Int(truncatingIfNeeded: try word())
    kind.payloadByteCount = Int(truncatingIfNeeded: try word())
    if try word() != 0 { kind.payloadSizes = try distribution() }
    let softTimeLimit = Int64(truncatingIfNeeded: try word())
    kind.softTimeLimitNanoseconds = softTimeLimit > 0 ? softTimeLimit : nil
    guard (0...1).contains(kind.failingShare), (1...Int(UInt16.max)).contains(kind.name.utf8.count),
      (1...1 << 16).contains(kind.batchCount), (0...1 << 30).contains(kind.payloadByteCount)
    else {
      throw PeerMessageError()
    }
    return kind
  }

  fileprivate mutating func inputs() throws(PeerMessageError) -> WorkflowInputs {
    var counts: [[Int]] = []
    for _ in 0..<(try count()) {
      var members: [Int] = []
      for _ in 0..<(try count()) { members.append(Int(truncatingIfNeeded: try word())) }
      counts.append(members)
    }
    return WorkflowInputs(counts: counts)
  }
}
