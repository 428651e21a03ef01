import MessageBroker

/// Lanes as a test sets them up.
struct TestLanes: LaneView {
  var outstanding: [Int]
  var identities: [UInt64]

  init(outstanding: [Int], identities: [UInt64]? = nil) {
    self.outstanding = outstanding
    self.identities = identities ?? outstanding.indices.map { UInt64($0) }
  }

  init(identities: [UInt64]) { self.init(outstanding: identities.map { _ in 0 }, identities: identities) }

  var laneCount: Int { outstanding.count }
  func outstandingCount(of lane: Int) -> Int { outstanding[lane] }
  func identity(of lane: Int) -> UInt64 { identities[lane] }
}
