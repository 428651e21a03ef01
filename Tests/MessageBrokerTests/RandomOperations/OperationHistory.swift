/// Runs histories against the model and a subject, and finds the shortest one that shows a difference.
struct OperationHistory {
  struct Difference: CustomStringConvertible {
    let step: Int
    let description: String
  }

  let makeSubject: () -> any BrokerSubject

  /// The first step at which the two disagree or the model breaks a law.
  func firstDifference(in history: [BrokerOperation]) -> Difference? {
    var model = ReferenceBroker()
    var subject = makeSubject()
    for (step, operation) in history.enumerated() {
      if case .advance(let duration) = operation {
        advance(&model, &subject, to: model.now + duration)
        continue
      }
      let expected = model.perform(operation)
      let shown = subject.perform(operation)
      if expected != shown {
        return Difference(
          step: step, description: "step \(step), \(operation)\n  expected \(expected)\n  but was  \(shown)")
      }
      if case .look = operation, let law = model.brokenLaws().first { return Difference(step: step, description: law) }
    }
    return subject.end().map { Difference(step: history.count - 1, description: $0) }
  }

  /// Moment by moment, so that a broker that does everything due at once still does it in order.
  private func advance(_ model: inout ReferenceBroker, _ subject: inout any BrokerSubject, to target: Int64) {
    while let moment = model.nextMoment, moment < target {
      model.advance(to: moment)
      subject.advance(to: moment)
    }
    model.advance(to: target)
    subject.advance(to: target)
  }

  /// Takes out steps and makes those that stay simpler, in turns, as long as a difference remains.
  func shrink(_ history: [BrokerOperation]) -> [BrokerOperation] {
    var shortest = withoutSteps(history)
    while let simpler = simplified(shortest) { shortest = withoutSteps(simpler) }
    return shortest
  }

  /// The history with simpler steps, or nil when none of them can be.
  private func simplified(_ history: [BrokerOperation]) -> [BrokerOperation]? {
    var simpler = history
    var hasChanged = false
    for place in history.indices {
      for candidate in history[place].simpler where place < simpler.count {
        var changed = simpler
        changed[place] = candidate
        guard let difference = firstDifference(in: changed) else { continue }
        simpler = Array(changed[...difference.step])
        hasChanged = true
        break
      }
    }
    return hasChanged ? simpler : nil
  }

  /// Takes out steps: first long stretches, then short ones, then single steps.
  ///
  /// Source: Andreas Zeller and Ralf Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002 (delta debugging); here only
  /// complements are tried.
  private func withoutSteps(_ history: [BrokerOperation]) -> [BrokerOperation] {
    guard let difference = firstDifference(in: history), !history.isEmpty else { return history }
    var shortest = Array(history[...difference.step])
    var length = shortest.count / 2
    while length > 0 {
      var start = 0
      var hasShrunk = false
      while start < shortest.count {
        if let shorter = still(shortest, without: start..<min(start + length, shortest.count)) {
          shortest = shorter
          hasShrunk = true
        } else {
          start += length
        }
      }
      // Single steps are tried until none can go: taking out a late one may free an earlier one.
      if length > 1 || !hasShrunk { length /= 2 }
    }
    return withoutPairs(shortest)
  }

  /// Takes out steps that can only go together, like a publish and the poll that took its message.
  private func withoutPairs(_ history: [BrokerOperation]) -> [BrokerOperation] {
    guard history.count <= 60 else { return history }
    for first in history.indices {
      for second in (first + 1)..<max(history.count, first + 1) {
        var without = history
        without.remove(at: second)
        if let shorter = still(without, without: first..<(first + 1)) { return withoutPairs(shorter) }
      }
    }
    return history
  }

  /// The history without those steps, as far as its first difference, if there still is one.
  private func still(_ history: [BrokerOperation], without steps: Range<Int>) -> [BrokerOperation]? {
    var shorter = history
    shorter.removeSubrange(steps)
    guard !shorter.isEmpty, let difference = firstDifference(in: shorter) else { return nil }
    return Array(shorter[...difference.step])
  }

  /// What a failure prints: the seed, the difference and the shortest history that shows it.
  func report(_ history: [BrokerOperation], seed: UInt64) -> String? {
    guard firstDifference(in: history) != nil else { return nil }
    let shortest = shrink(history)
    let steps = shortest.map { "  \($0)" }.joined(separator: "\n")
    let text = "seed \(seed): \(firstDifference(in: shortest)?.description ?? "")\nshortest history:\n\(steps)"
    // The compiler's own descriptions are full of module names.
    return text.split(separator: "MessageBrokerTests.").joined()
  }
}
