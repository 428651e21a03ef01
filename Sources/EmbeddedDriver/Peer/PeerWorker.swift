import WorkloadLoops

/// A consumer in the process at the far end of a ring: its meters lie in the shared memory, its thread is over there.
final class PeerWorker: ThreadWorker {
  let role = WorkerRole.consumer
  let name: String
  let meters: WorkerMeters
  private let peer: RingPeer
  /// One of the consumers talks to the process for all of them.
  private let leads: Bool

  init(name: String, meters: WorkerMeters, peer: RingPeer, leads: Bool) {
    self.name = name
    self.meters = meters
    self.peer = peer
    self.leads = leads
  }

  var failure: String? { peer.failure }

  func run(_ phase: PhaseControl) {
    if leads { peer.run(phase) }
  }
}
