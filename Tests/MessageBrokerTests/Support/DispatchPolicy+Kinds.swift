import MessageBroker

extension DispatchPolicy {
  static var pushTime: [DispatchPolicy] { builtIn.filter { $0.moment == .push } }
}
