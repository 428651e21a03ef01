/// What a binding to a headers exchange asks of a message's headers.
///
/// As RabbitMQ does it: `x-match` says whether all or any of the other arguments must be found; names that begin with `x-` count only
/// for the variants `…-with-x`; `void` asks for presence alone; values are equal only within one type.
struct HeadersMatcher: Sendable {
  static let modeArgument = "x-match"

  private let needsAll: Bool
  /// Sorted by name, as headers are.
  private let wanted: [FieldTable.Field]

  /// Error: 406, for an `x-match` that is none, or a value that equals nothing.
  init(_ arguments: FieldTable) throws(BrokerError) {
    let countsReserved: Bool
    switch arguments[Self.modeArgument] {
    case nil, .string("all"): (needsAll, countsReserved) = (true, false)
    case .string("any"): (needsAll, countsReserved) = (false, false)
    case .string("all-with-x"): (needsAll, countsReserved) = (true, true)
    case .string("any-with-x"): (needsAll, countsReserved) = (false, true)
    case .string(let other):
      throw BrokerError(
        code: .preconditionFailed,
        message: "invalid x-match field value '\(other)'; expected all, any, all-with-x, or any-with-x")
    case let other?:
      throw BrokerError(
        code: .preconditionFailed,
        message: "invalid x-match field type \(other.typeName) (value \(other)); expected longstr")
    }
    wanted = arguments.filter { field in
      field.name != Self.modeArgument && (countsReserved || !field.name.hasPrefix("x-"))
    }
  }

  /// Whether a message with these headers is meant. O(arguments + headers): both are sorted.
  func matches(_ headers: FieldTable) -> Bool {
    var place = 0
    for field in wanted {
      while place < headers.count, headers[place].name < field.name { place += 1 }
      let isThere = place < headers.count && headers[place].name == field.name
      let isFound = isThere && (field.value == .void || field.value == headers[place].value)
      if isFound != needsAll { return isFound }
    }
    return needsAll
  }
}
