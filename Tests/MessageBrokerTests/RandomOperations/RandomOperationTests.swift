import MessageBroker
import Testing

@Suite struct RandomOperationTests {
  /// 50 histories of 5000 steps with all that the broker can do: every outcome, delivery, refusal and count is the model's.
  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func theBrokerBehavesLikeTheModel(seed: UInt64) {
    let history = OperationGenerator.history(seed: seed, features: .implemented, count: 5000)
    let report = OperationHistory { RealBroker() }.report(history, seed: seed)
    #expect(report == nil, "\(report ?? "")")
  }

  /// With everything there is in the model: its own laws hold at every look.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func theModelKeepsItsLaws(seed: UInt64) {
    let history = OperationGenerator.history(seed: seed, features: .all, count: 3000)
    let report = OperationHistory { ReferenceBroker() }.report(history, seed: seed)
    #expect(report == nil, "\(report ?? "")")
  }

  /// A broker that makes a mistake is caught, and the history that shows it is cut to a few steps.
  @Test(arguments: ReferenceDefect.allCases)
  func mistakesAreFoundAndCutToFewSteps(defect: ReferenceDefect) throws {
    var wrong = ReferenceBroker()
    wrong.defect = defect
    let test = OperationHistory { wrong }
    let history = OperationGenerator.history(seed: 1, features: .implemented, count: 5000)
    try #require(test.firstDifference(in: history) != nil, "\(defect) went unnoticed")
    let shortest = test.shrink(history)
    #expect(test.firstDifference(in: shortest) != nil)
    #expect(shortest.count <= 20, "\(defect): \(shortest)")
  }
}
