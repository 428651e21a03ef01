import MessageBroker
import RingBuffers
import ScenarioModel
import Testing

/// What a scenario may ask for is what there is room for: the model cannot see the rings and the broker, so it has the
/// limits once more.
@Suite struct LimitTests {
  @Test func theModelKnowsTheLimitsOfTheSubject() {
    #expect(Scenario.Ring.laneLimit == SweptLanes<UInt64>.laneCountLimit)
    #expect(Scenario.Workload.sessionLimit == BrokerLimits().sessions)
    // One more is a precondition.
    _ = BroadcastRing<UInt64>(capacity: 2, mode: .block, readerLimit: Scenario.Ring.readerLimit)
  }
}
