internal import ArgumentParser
internal import Glibc
internal import ResultModel

/// The command line: parses, runs one subcommand, and turns failures into a message and an exit code.
@main
struct Ringside: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ringside",
    abstract:
      "fio for message queues and task workers: a scenario file in, verified messages and honest latencies out.",
    discussion: """
      EXAMPLES
        ringside init my.yaml            write a commented scenario to start from
        ringside run my.yaml             run it; results appear under Results/
        ringside doctor                  is this machine fit to measure on?

      EXIT CODES
        0 passed · 1 internal error · 2 slower than the baseline · 3 an SLO failed · 5 verification failed
        6 invalid: the load was not delivered, or a trial crashed or hung
        7 inconclusive: too noisy to decide (only with --strict, otherwise a warning)
        4 only improvements (with --report-improvement) · 8 no baseline, or one that cannot be compared
        64 usage · 65 scenario invalid · 66 file not found · 69 target unavailable · 73 cannot write
        74 input/output error · 130 and 143 stopped by SIGINT and SIGTERM
      """,
    version: BuildInformation.description,
    subcommands: [
      RunCommand.self, CheckCommand.self, PlanCommand.self, ListCommand.self, InitCommand.self, DoctorCommand.self,
      SchemaCommand.self, CompareCommand.self, DuelCommand.self, BaselineCommand.self, ReportCommand.self,
      ExportCommand.self, TrialCommand.self, RingPeerCommand.self, TaskChildCommand.self,
    ])

  static func main() {
    // A limit on file sizes then is an error to report like a full disk, rather than a sudden end.
    _ = signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      if !failure.message.isEmpty { StandardStream.say("ringside: \(failure.message)") }
      Glibc.exit(failure.exitCode.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
