import Histograms
import Platform
import Synchronization

extension MessageQueue {
  /// One session's end, as long as it is attached.
  @usableFromInline
  final class EndRecord: Sendable {
    @usableFromInline let counters = EndCounters()
    /// What the consumer asked for; nil for ends that publish or serve `get`.
    let terms: ConsumerTerms?
    private let prefetchWord: Atomic<Int>
    /// Rises from consumer to consumer of the broker, from 1.
    let order: UInt64
    /// Whether the queue took back what the consumer had, because it kept a message for too long.
    let isTimedOut = Atomic<Bool>(false)
    /// Where the consumer records how long messages were in the queue; nil for other ends. Made with it, and not at the first
    /// message, so that consuming allocates nothing.
    let times: HistogramRecorder?
    /// Whether the consumer is none any more. Written behind the lock of the queue's book.
    let isOver = Atomic<Bool>(false)

    init(terms: ConsumerTerms? = nil, order: UInt64 = 0) {
      self.terms = terms
      prefetchWord = Atomic(terms?.prefetch ?? .max)
      self.order = order
      times = terms == nil ? nil : HistogramRecorder(layout: MessageQueue.timesLayout)
    }

    deinit { counters.deallocate() }

    /// How many deliveries may be unacknowledged now; `Int.max` for no limit. Set by the consumer's session alone.
    var prefetch: Int {
      // Relaxed: for others it is a moment's view, as the counters are.
      get { prefetchWord.load(ordering: .relaxed) }
      set { prefetchWord.store(newValue, ordering: .relaxed) }
    }

    /// Whether the consumer would take one more message.
    var hasRoom: Bool {
      let prefetch = prefetch
      return prefetch == .max || counters.unacknowledgedCount < prefetch
    }
  }
}

extension MessageQueue {
  /// Registers an end of a session that publishes or serves `get`; its counters count from now on.
  func attach() -> EndRecord {
    let record = EndRecord()
    book.withLock { $0.ends[ObjectIdentifier(record)] = record }
    return record
  }

  /// Registers a consumer. Error: 403 (somebody wants the queue for itself and is not alone).
  func attach(_ terms: ConsumerTerms) throws(BrokerError) -> EndRecord {
    if terms.isExclusive, gate?.isSingleActive == true { throw .exclusiveBesideSingleActive(name) }
    let record = book.withLock { book -> EndRecord? in
      guard book.consumers == 0 || !(book.isExclusivelyConsumed || terms.isExclusive) else { return nil }
      let record = EndRecord(terms: terms, order: sessions.numberConsumer())
      book.ends[ObjectIdentifier(record)] = record
      book.consumers += 1
      consumerTotal.store(book.consumers, ordering: .relaxed)
      book.isExclusivelyConsumed = terms.isExclusive
      gate?.consumersChanged(book.consumerRecords)
      return record
    }
    guard let record else { throw .exclusiveUse(of: name) }
    return record
  }

  /// Keeps the end's totals and forgets it.
  func detach(_ record: EndRecord) {
    end(record)
    book.withLock { book in
      guard book.ends.removeValue(forKey: ObjectIdentifier(record)) != nil else { return }
      record.counters.add(to: &book.totals)
      Self.merge(record, into: &book.times)
    }
  }

  /// Runs `body` with what past ends have measured and the ends there are.
  func withEnds<Result>(_ body: (LatencyHistogram?, Dictionary<ObjectIdentifier, EndRecord>.Values) -> Result) -> Result
  {
    book.withLock { body($0.times, $0.ends.values) }
  }

  /// A consumer is none any more, though its session may still have to count what it did.
  func end(_ record: EndRecord) {
    guard record.terms != nil else { return }
    let isFirst = book.withLock { book in
      guard !record.isOver.exchange(true, ordering: .relaxed) else { return false }
      book.consumers -= 1
      consumerTotal.store(book.consumers, ordering: .relaxed)
      book.isExclusivelyConsumed = false
      gate?.consumersChanged(book.consumerRecords)
      return true
    }
    guard isFirst else { return }
    touch()
    // Whoever stood behind it may take now.
    if gate != nil { wakeConsumers(.max) }
  }

  /// All consumers, in the order in which they came.
  func consumers() -> [EndRecord] { book.withLock { $0.consumerRecords.sorted { $0.order < $1.order } } }

  /// The consumers with a higher priority than one has.
  func consumers(above record: EndRecord) -> [EndRecord] {
    guard let priority = record.terms?.priority else { return [] }
    return book.withLock { book in book.consumerRecords.filter { $0.terms!.priority > priority } }
  }
}
