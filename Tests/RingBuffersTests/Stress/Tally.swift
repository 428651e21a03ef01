import Platform

/// Who got what: one counter of the next expected number per producer when one consumer sees all, else a mark per element.
final class Tally: Sendable {
  /// How many elements each producer pushes.
  static let itemsPerProducer: UInt64 = 8_000

  private struct State {
    var seen: [[Bool]]
    var doubled = 0
    var disordered = 0
    var hung = false
  }

  private let state: Guarded<State>
  /// Whether each consumer must get the elements of a producer in order.
  private let isOrdered: Bool

  init(producers: Int, isOrdered: Bool = true) {
    self.isOrdered = isOrdered
    state = Guarded(
      State(
        seen: Array(
          repeating: Array(repeating: false, count: Int(Tally.itemsPerProducer)), count: producers)))
  }

  /// What one consumer got, in its order.
  func add(_ elements: [UInt64], hung: Bool) {
    state.withLock { state in
      var last = [Int](repeating: -1, count: state.seen.count)
      for element in elements {
        let (producer, number) = (Int(element >> 32), Int(element & 0xFFFF_FFFF))
        if state.seen[producer][number] { state.doubled += 1 }
        if isOrdered, number <= last[producer] { state.disordered += 1 }
        state.seen[producer][number] = true
        last[producer] = number
      }
      state.hung = state.hung || hung
    }
  }

  var isComplete: Bool {
    state.withLock { state in
      !state.hung && state.doubled == 0 && state.disordered == 0 && state.seen.allSatisfy { $0.allSatisfy { $0 } }
    }
  }

  var summary: String {
    state.withLock { state in
      let lost = state.seen.reduce(0) { $0 + $1.count { !$0 } }
      return "\(lost) lost, \(state.doubled) doubled, \(state.disordered) out of order, hung \(state.hung)"
    }
  }
}
