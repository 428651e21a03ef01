/// One exchange: how it was declared and where its bindings lead.
struct Exchange: Sendable {
  let name: String
  let type: ExchangeType
  /// What descriptors carry instead of the name.
  let number: UInt16
  let options: ExchangeOptions
  var table: any BindingTable

  init(name: String, type: ExchangeType, number: UInt16, options: ExchangeOptions = ExchangeOptions()) {
    self.name = name
    self.type = type
    self.number = number
    self.options = options
    table = type.makeTable()
  }

  /// Adds where a message goes from here: the matching bindings, and if there are none the alternate exchange.
  func route(key: String, headers: FieldTable, into matches: inout RouteMatches) {
    let before = matches.count
    table.match(key: key, headers: headers, into: &matches)
    if matches.count == before, let alternate = options.alternateExchange { matches.exchanges.append(alternate) }
  }

  /// Refuses, as the field does, a declaration of the same name that differs.
  func checkEquivalence(type: ExchangeType, options: ExchangeOptions) throws(BrokerError) {
    try check("type", type.rawValue, self.type.rawValue)
    try check("auto_delete", "\(options.isAutoDelete)", "\(self.options.isAutoDelete)")
    try check("internal", "\(options.isInternal)", "\(self.options.isInternal)")
    let (received, current) = (options.alternateExchange, self.options.alternateExchange)
    guard received != current else { return }
    throw BrokerError(
      code: .preconditionFailed,
      message: "inequivalent arg '\(ExchangeOptions.alternateExchangeArgument)' for exchange '\(name)': "
        + "received \(Self.text(received)) but current is \(Self.text(current))")
  }

  private func check(_ argument: String, _ received: String, _ current: String) throws(BrokerError) {
    guard received != current else { return }
    throw .inequivalent(argument, of: "exchange", name, received: received, current: current)
  }

  private static func text(_ name: String?) -> String {
    name.map { "the value '\($0)' of type 'longstr'" } ?? "none"
  }
}
