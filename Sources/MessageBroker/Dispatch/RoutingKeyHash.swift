import Distributions

/// The hash of routing keys that dispatch policies get: equal in every process, so that results can be repeated.
public enum RoutingKeyHash {
  /// The hash of `key`. Once per route, not per message.
  ///
  /// FNV-1a with 64 bits (Glenn Fowler, Landon Curt Noll, Kiem-Phong Vo), then a bijection that spreads its bits: FNV leaves the
  /// highest ones, which choose the slot, alike for short keys.
  public static func of(_ key: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return SplitMix64.mix(hash)
  }
}
