/// The tasks that a keeper could not give back because their queue had no room, on their way to another keeper.
public final class EtaRemains: @unchecked Sendable {
  // Unchecked, because: it has one owner at a time: the keeper's thread, whoever has joined that, the application's lock, and the
  // maker of the next keeper.
  private var store: EtaStore

  init(_ store: consuming EtaStore) { self.store = store }

  /// How many there are.
  public var count: Int { store.count }

  /// Shows the messages to `body`, in the order of their moments, until it does not take one. Those that it takes are gone.
  func takeAll(_ body: (EtaStore.DueMessage) -> Bool) {
    // Whether it is due or not: whoever takes it knows its moment.
    store.advance(to: .max)
    while let message = store.nextDue() {
      guard body(message) else { return store.refused() }
      store.published()
    }
  }
}
