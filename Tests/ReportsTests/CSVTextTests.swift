import Testing

@testable import Reports

@Suite struct CSVTextTests {
  private func row(_ build: (inout CSVText) -> Void) -> String {
    var text = CSVText()
    build(&text)
    text.endRow()
    return String(decoding: text.bytes, as: UTF8.self)
  }

  @Test func quotesOnlyWhatNeedsIt() {
    let claims = [
      ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("a\nb", "\"a\nb\""),
      ("a\rb", "\"a\rb\""), ("µ é", "µ é"), (" blank ", " blank "),
    ]
    for (field, expected) in claims {
      #expect(row { $0.append(field) } == expected + "\n")
      #expect(
        row {
          $0.append("x"); $0.append(field); $0.append(1)
        } == "x,\(expected),1\n")
    }
  }

  @Test func numbersAreNotLocalised() {
    #expect(
      row {
        $0.append(1_234_567); $0.append(0.5); $0.append(1e15); $0.append(2.0)
      } == "1234567,0.5,1000000000000000,2\n")
    #expect(
      row {
        $0.append(nil as Int64?); $0.append(Int64.min); $0.append(true)
      } == ",-9223372036854775808,true\n")
  }

  @Test func prefixesAreFieldsLikeOthers() {
    let prefix = CSVText.prefix(["a", "b,c"])
    #expect(
      row {
        $0.append(prefix); $0.append("d")
      } == "a,\"b,c\",d\n")
    #expect(
      row {
        $0.append(""); $0.append(prefix)
      } == ",a,\"b,c\"\n")
  }
}
