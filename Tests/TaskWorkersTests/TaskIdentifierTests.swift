import TaskWorkers
import Testing

@Suite struct TaskIdentifierTests {
  @Test func isWrittenAsAVersion4UUID() {
    var source = TaskIdentifierSource(seed: 1)
    for _ in 0..<100 {
      let identifier = source.next()
      let text = Array(identifier.description)
      #expect(text.count == 36)
      #expect(text[14] == "4")
      #expect("89ab".contains(text[19]))
      #expect(TaskIdentifier(identifier.description) == identifier)
      #expect(TaskIdentifier(identifier.description.uppercased()) == identifier)
    }
  }

  @Test func readsTheBytesOfAUUIDInTheirOrder() {
    let identifier = TaskIdentifier("00112233-4455-6677-8899-aabbccddeeff")
    #expect(identifier == TaskIdentifier(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF))
    #expect(identifier?.description == "00112233-4455-6677-8899-aabbccddeeff")
  }

  @Test(arguments: [
    "", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeefff",
    "0011223304455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
    "é0112233-4455-6677-8899-aabbccddeef",
  ])
  func refusesOtherText(text: String) {
    #expect(TaskIdentifier(text) == nil)
  }

  @Test func isTheSameAgainForTheSameSeedAndStream() {
    var first = TaskIdentifierSource(seed: 7, stream: 1)
    var again = TaskIdentifierSource(seed: 7, stream: 1)
    var other = TaskIdentifierSource(seed: 7, stream: 2)
    let identifiers = (0..<10).map { _ in first.next() }
    let repeated = (0..<10).map { _ in again.next() }
    let others = (0..<10).map { _ in other.next() }
    #expect(identifiers == repeated)
    #expect(Set(identifiers).union(others).count == 20)
  }
}
