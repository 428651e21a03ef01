/// Names with typed values: a message's headers, or the arguments of a declaration or binding.
///
/// Sorted by name, each name once, so that tables with equal content are equal and two of them are compared in one pass.
public struct FieldTable: Hashable, Sendable {
  /// One entry.
  public struct Field: Hashable, Sendable {
    /// At most 255 bytes when it is encoded.
    public let name: String
    /// Its value.
    public let value: FieldValue
  }

  private var fields: [Field] = []

  /// An empty table.
  public init() {}

  /// A table of these entries; of a name that occurs twice the later value counts. O(n²) in the worst case: tables are small.
  public init(_ entries: some Sequence<(String, FieldValue)>) {
    for (name, value) in entries { self[name] = value }
  }

  /// The value of a name. Setting nil removes it. O(log n) to find.
  public subscript(name: String) -> FieldValue? {
    get {
      let place = place(of: name)
      return place < fields.count && fields[place].name == name ? fields[place].value : nil
    }
    set {
      let place = place(of: name)
      let isKnown = place < fields.count && fields[place].name == name
      switch (newValue, isKnown) {
      case (let value?, true): fields[place] = Field(name: name, value: value)
      case (let value?, false): fields.insert(Field(name: name, value: value), at: place)
      case (nil, true): fields.remove(at: place)
      case (nil, false): break
      }
    }
  }

  /// Where the first entry lies whose name is not below `name`.
  private func place(of name: String) -> Int {
    var low = 0
    var high = fields.count
    while low < high {
      let middle = (low + high) / 2
      if fields[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension FieldTable: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { fields.count }
  public subscript(position: Int) -> Field { fields[position] }
}

extension FieldTable: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, FieldValue)...) { self.init(elements) }
}

extension FieldTable: CustomStringConvertible {
  public var description: String {
    isEmpty ? "[:]" : "[" + map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "]"
  }
}

extension FieldTable {
  /// Refuses with 406 what could never be found again, because it does not equal itself.
  func checkAsArguments() throws(BrokerError) {
    for field in self where field.value.hasNotANumber {
      throw BrokerError(code: .preconditionFailed, message: "invalid arg '\(field.name)': it is not a number")
    }
  }
}

extension FieldValue {
  fileprivate var hasNotANumber: Bool {
    switch self {
    case .double(let number): number.isNaN
    case .list(let values): values.contains(where: \.hasNotANumber)
    case .table(let table): table.contains(where: \.value.hasNotANumber)
    case .string, .integer, .bool, .binary, .timestamp, .void: false
    }
  }
}
