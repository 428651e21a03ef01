import Serialization

extension TaskMessage {
  /// The bytes of all texts and the numbers, added up.
  var sum: Int {
    let texts = [id, task, rootID, parentID, origin, language, kwargs.customer, kwargs.currency].compactMap { $0 }
    let numbers = [eta, expires, kwargs.amount].compactMap { $0 }.reduce(0, +) + Double(args.reduce(0, +))
    return texts.map(\.utf8.count).reduce(0, +) + Int(numbers) + retries + Int(priority)
  }

  /// The sum of the message that a reader stands before, without making a text or an array.
  static func sum<Reader: ValueReader & ~Copyable>(reading reader: inout Reader) throws(SerializationError) -> Int {
    var textBytes = 0
    var numbers = 0.0
    var cursor = try reader.beginRecord(fields)
    while let field = try reader.nextField(&cursor, of: fields) {
      switch field {
      case 2:
        var elements = try reader.beginArray()
        while try reader.nextElement(&elements) { numbers += Double(try reader.integer()) }
      case 3: try addArguments(from: &reader, textBytes: &textBytes, numbers: &numbers)
      case 4, 12: numbers += Double(try reader.integer())
      case 5, 6: if try reader.isPresent() { numbers += try reader.float() }
      case 8: if try reader.isPresent() { textBytes += try reader.text().count }
      case 11: _ = try reader.bool()
      default: textBytes += try reader.text().count
      }
    }
    return textBytes + Int(numbers)
  }

  private static func addArguments<Reader: ValueReader & ~Copyable>(
    from reader: inout Reader, textBytes: inout Int, numbers: inout Double
  ) throws(SerializationError) {
    let fields = RenderArguments.fields
    var cursor = try reader.beginRecord(fields)
    while let field = try reader.nextField(&cursor, of: fields) {
      switch field {
      case 1: numbers += try reader.float()
      case 3: _ = try reader.bool()
      default: textBytes += try reader.text().count
      }
    }
  }
}
