import Foundation
import ScenarioModel
import Testing

@testable import LoadEngine

@Suite struct ScenarioDigestTests {
  /// The examples of FIPS 180-2, appendix B, and the empty text.
  @Test(
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func agreesWithTheStandard(text: String, digest: String) {
    #expect(ScenarioDigest.sha256(text) == digest)
  }

  @Test func aCommentChangesNothing() throws {
    let plain = try ScenarioText.load(ScenarioText.workQueue("{ saturate: 1000 }"))
    let commented = try ScenarioText.load("# A remark.\n" + ScenarioText.workQueue("{ saturate: 1k }  # the same"))
    let other = try ScenarioText.load(ScenarioText.workQueue("{ saturate: 1001 }"))
    #expect(ScenarioDigest.sha256(plain.resolvedJSON) == ScenarioDigest.sha256(commented.resolvedJSON))
    #expect(ScenarioDigest.sha256(plain.resolvedJSON) != ScenarioDigest.sha256(other.resolvedJSON))
  }

  /// A trial reads the files with data again. They used to be measured as they were by then, under the digest of the run.
  @Test func aTrialRefusesDataThatIsNotWhatTheRunRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ringside-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "s.yaml").path
    let data = folder.appending(path: "r.csv")
    try Data("workload: { service_time: { recorded: r.csv } }".utf8).write(to: URL(filePath: path))
    try Data("5us\n".utf8).write(to: data)
    let scenario = try ScenarioLoader().load(path: path)
    let request = TrialRequest(
      scenario: scenario.resolvedJSON, path: path, dataDigests: scenario.dataDigests, slug: "default",
      trial: PlannedTrial(variantIndex: 0, index: 0, order: 0, seed: 1), heapOffset: 0)
    #expect(try TrialProcess.scenario(of: request).resolvedJSON == scenario.resolvedJSON)
    try Data("6us\n".utf8).write(to: data)
    #expect(throws: TrialFailure(message: "r.csv changed while the scenario ran; leave it alone, and run again")) {
      try TrialProcess.scenario(of: request)
    }
  }
}
