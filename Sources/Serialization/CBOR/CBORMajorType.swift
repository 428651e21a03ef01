/// What a value of CBOR is: the highest three bits of its first byte.
@frozen @usableFromInline
enum CBORMajorType: UInt8 {
  case unsigned = 0x00
  case negative = 0x20
  case bytes = 0x40
  case text = 0x60
  case array = 0x80
  case map = 0xA0
  case tag = 0xC0
  case simple = 0xE0
}
