/// Where the state of a `Beat` is kept, such as a file.
public protocol BeatStorage {
  /// What was stored last; nil when nothing ever was.
  func load() throws -> [UInt8]?
  /// Keeps `bytes` instead of what was there: all of them, or on failure what was there before.
  func store(_ bytes: [UInt8]) throws
}

extension BeatState {
  /// What a storage remembers.
  ///
  /// When it cannot be read, or holds something else, the state is that of a first start, where no entry owes anything of the past,
  /// and `problem` says why. What is stored next replaces it.
  public static func restored(from storage: some BeatStorage) -> (state: BeatState, problem: (any Error)?) {
    do {
      return (try storage.load().map(BeatState.init(decoding:)) ?? BeatState(), nil)
    } catch {
      return (BeatState(), error)
    }
  }

  /// Keeps the state.
  public func store(in storage: some BeatStorage) throws { try storage.store(encoded()) }
}
