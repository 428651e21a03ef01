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
