import ResultModel

/// Where it was measured, what was not controlled, and how to do it again.
struct EnvironmentSection {
  private let result: RunResult

  init(_ result: RunResult) { self.result = result }

  var blocks: [ReportBlock] {
    [
      .heading("Environment"),
      .table(
        ReportTable(
          caption: "Machine and build", header: ["what", "value"],
          rows: facts.map { [.init($0.name), .init($0.value)] }, proseColumns: [1])),
      .list(uncontrolled),
      .paragraph(
        result.tool.dirty
          ? "To measure it again with the same seed. The build had uncommitted changes: its revision alone is another program."
          : "To measure it again with the same seed and revision:"), .code(command),
    ]
  }

  private var facts: [(name: String, value: String)] {
    let environment = result.environment
    let tool = result.tool
    var facts: [(String, String?)] = [
      ("machine key", environment.machineKey), ("processor", environment.cpuModel), ("cores", "\(environment.cores)"),
      ("memory", environment.ramBytes.map(QuantityText.bytes)), ("hypervisor", environment.hypervisor),
      ("system", [environment.os, environment.kernel].compactMap { $0 }.joined(separator: ", ")),
      ("cores it may use", environment.affinity.map { $0.map(String.init).joined(separator: ", ") }),
      ("governor", environment.governor), ("clock source", environment.clocksource),
      ("timer slack", environment.timerSlackNanoseconds.map { QuantityText.duration(nanoseconds: $0) }),
      (
        "clock",
        "step \(QuantityText.duration(nanoseconds: environment.clock.quantumNanoseconds)), read "
          + QuantityText.duration(nanoseconds: environment.clock.readCostNanoseconds)
      ),
    ]
    if let transfer = environment.lineTransfer {
      facts.append(
        (
          "cache line, one way",
          "\(QuantityText.duration(nanoseconds: transfer.p50)) (\(transfer.isNear ? "near" : "far"))"
        ))
    }
    facts += [
      ("started", result.started.rfc3339), ("seed", "\(result.scenario.seed)"),
      ("revision", Self.revision(of: tool)), ("build", Self.build(of: tool)),
      ("scenario", "\(result.scenario.path), sha256 \(result.scenario.resolvedSHA256)"),
    ]
    facts += result.variants.compactMap { variant in variant.tool.map { ("build \(variant.slug)", Self.text(of: $0)) } }
    return facts.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : (name, $0) } }
  }

  private static func revision(of tool: ToolInformation) -> String {
    tool.gitSHA.isEmpty ? "unknown" : tool.gitSHA + (tool.dirty ? ", with uncommitted changes" : "")
  }

  private static func build(of tool: ToolInformation) -> String {
    let flags = tool.build.flags.isEmpty ? "" : ", \(tool.build.flags)"
    return
      "\(tool.name) \(tool.version), \(tool.build.configuration)\(flags), \(tool.build.swift), \(tool.build.allocator)"
  }

  private static func text(of tool: ToolInformation) -> String { "\(build(of: tool)), revision \(revision(of: tool))" }

  private var uncontrolled: [String] {
    guard result.time == .wall else { return [] }
    var items: [String] = []
    if result.environment.governor == nil { items.append("frequency governor: unknown here") }
    if let hypervisor = result.environment.hypervisor {
      items.append("virtual machine (\(hypervisor)): neighbours and where its cores lie")
    }
    items.append("temperature, and what shares a core's other thread")
    return items.map { "Not controlled: \($0)." }
  }

  private var command: String {
    let tool = result.tool
    // What was changed is nowhere but where it was built.
    let revision =
      tool.gitSHA.isEmpty
      ? "" : tool.dirty ? "# built from \(tool.gitSHA) and uncommitted changes\n" : "git checkout \(tool.gitSHA)\n"
    return revision + ReproductionCommand(result).text
  }
}
