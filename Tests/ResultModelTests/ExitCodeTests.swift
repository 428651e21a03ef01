import ResultModel
import Testing

@Suite struct ExitCodeTests {
  /// A full disk at the end used to leave `passed` and 0 in what was shown.
  @Test func whatGoesWrongAfterTheMeasurementIsPartOfTheResult() {
    var result = SampleResult.full()
    (result.status, result.exitCode, result.exitCodes) = (.passed, .success, [.success])
    result.fail(with: .inputOutputError)
    #expect(result.status == .failed)
    #expect(result.exitCodes == [.inputOutputError])
    #expect(result.exitCode == .inputOutputError)
    (result.status, result.exitCode, result.exitCodes) = (.aborted, .interrupted, [.interrupted])
    result.fail(with: .inputOutputError)
    #expect(result.status == .aborted)
    #expect(result.exitCodes == [.interrupted, .inputOutputError])
  }

  @Test func codesAreTheDocumentedNumbers() {
    let numbers = ExitCode.allCases.map(\.rawValue)
    #expect(numbers == [0, 1, 2, 3, 4, 5, 6, 7, 8, 64, 65, 66, 69, 73, 74, 130, 143])
    #expect(ExitCode.regression.rawValue == 2)
    #expect(ExitCode.sloFailed.rawValue == 3)
    #expect(ExitCode.verificationFailed.rawValue == 5)
    #expect(ExitCode.invalidRun.rawValue == 6)
    #expect(ExitCode.scenarioInvalid.rawValue == 65)
    #expect(ExitCode.cannotWrite.rawValue == 73)
  }

  /// Every subset of the findings: the winner is the first of 5 > 6 > 3 > 2 > 8 > 7 > 4 that is in it.
  @Test func everySubsetOfFindingsIsWonByTheMostImportant() {
    let order: [ExitCode] = [5, 6, 3, 2, 8, 7, 4].map { ExitCode(rawValue: $0)! }
    for bits in 0..<(1 << order.count) {
      let subset = order.indices.filter { bits & (1 << $0) != 0 }.map { order[$0] }
      #expect(ExitCode.mostImportant(of: subset.reversed()) == subset.first ?? .success)
      #expect(ExitCode.ordered(subset.reversed() + subset) == (subset.isEmpty ? [.success] : subset))
    }
  }

  @Test func stoppedAndUnwritableRunsOutrankFindings() {
    #expect(ExitCode.mostImportant(of: [.verificationFailed, .interrupted]) == .interrupted)
    #expect(ExitCode.mostImportant(of: [.sloFailed, .cannotWrite]) == .cannotWrite)
    #expect(ExitCode.mostImportant(of: [.success, .improvement]) == .improvement)
  }

  @Test func everyCodeHasItsPlaceInTheOrder() {
    for code in ExitCode.allCases { #expect(ExitCode.mostImportant(of: [code]) == code) }
  }
}
