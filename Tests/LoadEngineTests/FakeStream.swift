import Histograms
import Platform
import Synchronization
import WorkloadLoops

/// The messages between the two workers of a fake subject: a count on the board, nothing else.
final class FakeStream: Sendable {
  private let board: StreamBoard
  private let ledger: SequenceLedger
  private let behaviours: [String: FakeBehaviour]
  private let answers: Bool
  private let acceptedCount = Atomic<UInt64>(0)
  private let consumedCount = Atomic<UInt64>(0)

  init(board: StreamBoard, ledger: SequenceLedger, behaviours: [String: FakeBehaviour], answers: Bool) {
    self.board = board
    self.ledger = ledger
    self.behaviours = behaviours
    self.answers = answers
  }

  private func behaviour(_ phase: PhaseControl) -> FakeBehaviour {
    guard let behaviour = behaviours[phase.plan.name] else {
      preconditionFailure("no behaviour for the phase \(phase.plan.name)")
    }
    return behaviour
  }

  // MARK: The producer's side

  func produce(_ phase: PhaseControl, _ meters: WorkerMeters) {
    let behaviour = behaviour(phase)
    let total = behaviour.scheduledCount - behaviour.unsentCount
    for part in 0..<behaviour.partCount {
      if part > 0 { PrecisionSleep.sleep(nanoseconds: 3_000_000) }
      send(total * (part + 1) / behaviour.partCount - total * part / behaviour.partCount, behaviour, meters)
    }
    switch behaviour.ending {
    case .whenSent: break
    case .whenAskedToStop:
      repeat {
        send(10, behaviour, meters)
        PrecisionSleep.sleep(nanoseconds: 1_000_000)
      } while !phase.isSendingOver
    case .whenReceivingIsOver:
      while !phase.isReceivingOver { PrecisionSleep.sleep(nanoseconds: 1_000_000) }
    }
    meters.set(
      .scheduled, to: UInt64(max(behaviour.scheduledCount, meters.value(of: .sent))))
    meters.set(.lastSentNanoseconds, to: UInt64(phase.startNanoseconds + behaviour.lastSendNanoseconds))
    if answers { finishAnswers(phase, behaviour, meters) }
  }

  private func send(_ count: Int, _ behaviour: FakeBehaviour, _ meters: WorkerMeters) {
    meters.sendDelay.makeWriter().record(behaviour.sendDelayNanoseconds, count: UInt64(count))
    if answers { receive(count, behaviour, meters) }
    meters.add(count, to: .sent)
    meters.add(count, to: .accepted)
    let accepted = acceptedCount.add(UInt64(count), ordering: .relaxed).newValue
    board.setAcceptedCount(accepted, ofStream: 0)
  }

  private func finishAnswers(_ phase: PhaseControl, _ behaviour: FakeBehaviour, _ meters: WorkerMeters) {
    meters.add(-behaviour.lostCount, to: .received)
    meters.add(-behaviour.lostCount, to: .unique)
    meters.set(.lastReceivedNanoseconds, to: UInt64(phase.startNanoseconds + behaviour.lastReceptionNanoseconds))
  }

  // MARK: The consumer's side

  func consume(_ phase: PhaseControl, _ meters: WorkerMeters) {
    let behaviour = behaviour(phase)
    let first = consumedCount.load(ordering: .relaxed)
    while true {
      let isOver = phase.isReceivingOver
      let next = consumedCount.load(ordering: .relaxed)
      let accepted = board.acceptedCount(ofStream: 0)
      if next < accepted, !answers {
        let end = behaviour.trickles ? next + 1 : accepted
        let lostEnd = min(end, first + UInt64(behaviour.lostCount))
        let from = max(next, lostEnd)
        _ = ledger.record(stream: 0, first: from, count: end - from)
        receive(Int(end - from), behaviour, meters)
        consumedCount.store(end, ordering: .relaxed)
      } else {
        meters.add(1, to: .emptyPolls)
      }
      if isOver { break }
      PrecisionSleep.sleep(nanoseconds: 200_000)
    }
    note(behaviour, meters)
    meters.set(.lastReceivedNanoseconds, to: UInt64(phase.startNanoseconds + behaviour.lastReceptionNanoseconds))
  }

  private func receive(_ count: Int, _ behaviour: FakeBehaviour, _ meters: WorkerMeters) {
    meters.latency.makeWriter().record(
      behaviour.serviceTimeNanoseconds + behaviour.sendDelayNanoseconds, count: UInt64(count))
    meters.serviceTime.makeWriter().record(behaviour.serviceTimeNanoseconds, count: UInt64(count))
    meters.add(count, to: .received)
    meters.add(count, to: .unique)
    meters.add(count * 128, to: .receivedBytes)
  }

  private func note(_ behaviour: FakeBehaviour, _ meters: WorkerMeters) {
    for (count, counter, kind) in [
      (behaviour.duplicatedCount, WorkerMeters.Counter.duplicated, Finding.Kind.duplicated),
      (behaviour.reorderedCount, .reordered, .reordered), (behaviour.corruptedCount, .corrupted, .corrupted),
    ] where count > 0 {
      meters.add(count, to: counter)
      meters.findings.note(kind, nil, "one of them")
    }
  }
}
