import Foundation
import Testing

@testable import ScenarioModel

/// What time and memory the expansion of a large matrix takes. Prints figures, asserts the number of variants only; run with
/// `RINGSIDE_MEASURE=1 swift test -c release -Xswiftc -enable-testing --filter MatrixMeasurement`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RINGSIDE_MEASURE"] != nil))
struct MatrixMeasurement {
  @Test(arguments: [10, 100])
  func expandsAThousandAndTenThousandVariants(payloads: Int) throws {
    let sizes = (1...payloads).map { "\(32 * $0)B" }.joined(separator: ", ")
    let text = """
      name: large
      load: { warmup: 1s, phases: [ steady: { constant: 50k/s, for: 5s }, flat-out: { saturate: true, for: 3s } ] }
      matrix:
        payload: [\(sizes)]
        batch: [1, 2, 4, 8, 16, 32, 64, 128, 192, 256]
        prefetch: [256, 300, 400, 500, 600, 700, 800, 900, 1000, 2000]
      """
    let before = Self.residentKilobytes()
    let start = DispatchTime.now().uptimeNanoseconds
    let found = try TestFiles(text).loadVariants()
    let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    print("\(found.variants.count) variants: \(elapsed) s, \((Self.residentKilobytes() - before) / 1024) MiB more")
    #expect(found.variants.count == payloads * 100)
  }

  private static func residentKilobytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
  }
}
