import Distributions

/// Contents to compress, from none to more than the libraries take in one block.
enum CompressionSamples {
  static let sizes = [0, 1, 2, 7, 64, 300, 4096, 65_535, 65_536, 200_000]

  /// `count` bytes, each of which is one of `variety` values: 1 compresses best, 256 not at all.
  static func bytes(_ count: Int, variety: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in UInt8(random.next() % UInt64(variety)) }
  }

  /// Every size in three degrees of disorder.
  static func all(seed: UInt64) -> [[UInt8]] {
    sizes.flatMap { size in [1, 12, 256].map { bytes(size, variety: $0, seed: seed &+ UInt64(size)) } }
  }
}
