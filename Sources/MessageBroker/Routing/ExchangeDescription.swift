/// One exchange, as `list_exchanges` shows it.
public struct ExchangeDescription: Sendable, Equatable {
  /// The name; empty for the default exchange.
  public let name: String
  /// How it routes.
  public let type: ExchangeType
  /// How it was declared.
  public let options: ExchangeOptions
  /// Bindings from it, without the implicit ones of the default exchange.
  public let bindingCount: Int
}
