/// What an earlier run may be called, so that the name is a file's too and leads nowhere else.
public enum BaselineName {
  /// Whether a word can be one: letters, digits, `.`, `_` and `-`, and no dot at its start.
  public static func isValid(_ name: String) -> Bool {
    !name.isEmpty && name.first != "."
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
