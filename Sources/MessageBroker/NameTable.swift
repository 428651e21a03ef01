/// Numbers names in the order in which they are first seen, for descriptors that cannot carry text. Never forgets one.
struct NameTable {
  private var numbers: [String: Int] = [:]
  private(set) var names: [String] = []

  func number(of name: String) -> Int? { numbers[name] }

  /// The name's number, new or known; nil when it is new and `limit` names are known.
  mutating func intern(_ name: String, limit: Int) -> Int? {
    guard names.count < limit else { return numbers[name] }
    // One look for both: the number of a name that is not there is the next one.
    let number = { $0 }(&numbers[name, default: names.count])
    if number == names.count { names.append(name) }
    return number
  }
}
