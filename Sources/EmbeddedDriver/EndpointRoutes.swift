import DriverInterface
import MessageBroker

/// The routes of an end point: those that it was made with, and those that it was asked for by name.
struct EndpointRoutes {
  private var routes: [Route]
  /// By exchange and key.
  private var named: [String: [String: Int]] = [:]

  init(_ routes: [Route]) { self.routes = routes }

  @inline(__always)
  subscript(index: Int) -> Route { routes[index] }

  /// The index of the route for an exchange and a key, the same one each time.
  mutating func index(exchange: String, key: String, in session: inout Session) throws(DriverError) -> Int {
    if let known = named[exchange]?[key] { return known }
    do {
      routes.append(try session.route(exchange: exchange, key: key))
    } catch {
      throw DriverError(.refused, "no route to \(key) by way of exchange \(exchange): \(error)")
    }
    named[exchange, default: [:]][key] = routes.count - 1
    return routes.count - 1
  }
}
