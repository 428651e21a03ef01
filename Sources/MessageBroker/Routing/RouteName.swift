/// What a route was asked for with.
struct RouteName: Hashable {
  let exchange: String
  let key: String
  let headers: FieldTable

  func hash(into hasher: inout Hasher) {
    hasher.combine(exchange)
    hasher.combine(key)
    // Most have none, and looking a known route up is on the way of whoever publishes by name.
    if !headers.isEmpty { hasher.combine(headers) }
  }
}
