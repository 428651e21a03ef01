internal import ArgumentParser
internal import LoadEngine

/// Says whether this machine and this build are fit to measure with, and what to do about it.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say whether this machine and this build are fit to measure with.",
    discussion: """
      Looks at the build, the allocator (with a proof that it is in use), the cores and how far they are from each
      other, the clock, the timer and the noise of neighbours, and says what to fix. Takes about two seconds.
      Findings never fail the command: a noisy machine is a fact, not an error.

      EXAMPLE
        ringside doctor
      """)

  func run() throws {
    if StandardStream.error.isTerminal { StandardStream.say("Measuring this machine for about two seconds…") }
    let examination = Examination(host: try HostReport.measure(), allocator: AllocatorProof())
    try StandardStream.output.write(examination.text)
  }
}
