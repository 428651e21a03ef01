/// How an exchange is declared. Redeclaring an exchange with other options is refused with 406.
public struct ExchangeOptions: Sendable, Equatable {
  /// The argument that names the alternate exchange.
  static let alternateExchangeArgument = "alternate-exchange"

  /// Whether only other exchanges lead to it: publishing to it is refused with 403.
  public var isInternal: Bool
  /// Whether it goes when the last binding from it goes (one that was never bound stays).
  public var isAutoDelete: Bool
  /// Arguments by the protocol's names. `alternate-exchange` is the only one with a meaning; others are kept and listed.
  public var arguments: FieldTable

  /// Where messages go that no binding of the exchange matches; it need not exist. The argument `alternate-exchange`.
  public var alternateExchange: String? {
    get {
      guard case .string(let name) = arguments[Self.alternateExchangeArgument] else { return nil }
      return name
    }
    set { arguments[Self.alternateExchangeArgument] = newValue.map { .string($0) } }
  }

  /// Options of an exchange; the defaults are those of the protocol.
  public init(
    isInternal: Bool = false, isAutoDelete: Bool = false, alternateExchange: String? = nil, arguments: FieldTable = [:]
  ) {
    self.isInternal = isInternal
    self.isAutoDelete = isAutoDelete
    self.arguments = arguments
    if let alternateExchange { self.alternateExchange = alternateExchange }
  }

  /// Refuses arguments of a wrong type with 406.
  func check(for exchange: String) throws(BrokerError) {
    switch arguments[Self.alternateExchangeArgument] {
    case nil, .string: break
    case let other?:
      throw BrokerError(
        code: .preconditionFailed,
        message: "invalid type '\(other.typeName)' for arg '\(Self.alternateExchangeArgument)' "
          + "in exchange '\(exchange)'")
    }
  }
}
