public import Platform

/// Where the state of a `Beat` is kept, such as a file.
public protocol BeatStorage {
  /// What was stored last; nil when nothing ever was.
  func load() throws -> [UInt8]?
  /// Keeps `bytes` instead of what was there: all of them, or on failure what was there before.
  func store(_ bytes: [UInt8]) throws
}

/// The state of a `Beat` in a file, which a crash or a full disk leaves as it was.
public struct BeatFile: BeatStorage, Sendable {
  /// Where.
  public let path: String

  /// The file at `path`, which need not be there; its directory must.
  public init(path: String) { self.path = path }

  /// The file's bytes; nil when there is none.
  public func load() throws(SystemError) -> [UInt8]? { try WholeFile.read(path) }

  /// Replaces the file, and waits until it is on the disk.
  public func store(_ bytes: [UInt8]) throws(SystemError) { try WholeFile.write(bytes, to: path) }
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
