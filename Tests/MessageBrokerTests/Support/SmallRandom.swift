/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators"): a failing seed replays exactly.
struct SmallRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

/// The body that the tests give message `id`: its size varies with it, so that inline bodies and blocks of several sizes mix.
func body(of id: UInt64) -> [UInt8] {
  [UInt8](repeating: UInt8(truncatingIfNeeded: id), count: bodyByteCount(of: id))
}

func bodyByteCount(of id: UInt64) -> Int {
  switch id % 7 {
  case 0: 0
  case 1: 3
  case 2: 8
  case 3: 16
  case 4: 17
  case 5: 100
  default: 300
  }
}
