import Testing

@testable import Schedules

@Suite struct CrontabFieldTests {
  /// Celery's documentation of `crontab` has these.
  @Test func fieldsAreReadAsCeleryReadsThem() throws {
    let cases: [(CrontabField, String, [Int])] = [
      (.minute, "*", Array(0...59)), (.minute, "*/15", [0, 15, 30, 45]), (.minute, "0", [0]),
      (.hour, "0,3,6,9,12,15,18,21", [0, 3, 6, 9, 12, 15, 18, 21]), (.hour, "*/3", [0, 3, 6, 9, 12, 15, 18, 21]),
      (.hour, "0, 3", [0, 3]), (.hour, "8-17", Array(8...17)),
      (.hour, "*/2,*/3", [0, 2, 3, 4, 6, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 22]),
      (.hour, "22-2", [0, 1, 2, 22, 23]), (.hour, "3-9/3", [3, 6, 9]), (.hour, "22-4/2", [0, 2, 4, 22]),
      (.dayOfWeek, "sunday", [0]), (.dayOfWeek, "thu,fri", [4, 5]), (.dayOfWeek, "fri-mon", [0, 1, 5, 6]),
      (.dayOfWeek, "Mon-Fri", [1, 2, 3, 4, 5]),
      (.dayOfMonth, "*/10", [1, 11, 21, 31]), (.dayOfMonth, "1-7,15-21", Array(1...7) + Array(15...21)),
      (.dayOfMonth, "2-30/2", Array(stride(from: 2, through: 30, by: 2))),
      (.monthOfYear, "*/3", [1, 4, 7, 10]), (.monthOfYear, "dec-feb", [1, 2, 12]), (.monthOfYear, "0005", [5]),
    ]
    for (field, text, values) in cases {
      let bits = try field.read(text)
      #expect((0..<64).filter { bits >> UInt64($0) & 1 == 1 } == values, "\(field.rawValue) \(text)")
    }
  }

  @Test func textThatIsNoFieldSaysWhy() {
    let cases: [(CrontabField, String, String)] = [
      (.minute, "60", "60 is not in 0-59"), (.minute, "", "a value is missing"),
      (.minute, "1,,2", "a value is missing"),
      (.minute, "*/0", "a step is a number from 1"), (.minute, "*/x", "a step is a number from 1"),
      (.minute, "5/10", "a step follows a range or *"), (.minute, "1-2-3", "a range has two ends"),
      (.minute, "-5", "a value is missing"),
      (.hour, "24", "24 is not in 0-23"), (.hour, "mon", "'mon' is no value"), (.hour, "1.5", "'1.5' is no value"),
      (.dayOfWeek, "7", "0 is Sunday"), (.dayOfWeek, "mo", "or a name such as mon"),
      (.dayOfMonth, "0", "0 is not in 1-31"),
      (.monthOfYear, "13", "or a name such as feb"), (.minute, "99999999999999999999", "is no value"),
      (.minute, "+5", "is no value"),
    ]
    for (field, text, sentence) in cases {
      let error = #expect(throws: CrontabProblem.self) { try field.read(text) }
      #expect(error?.sentence.contains(sentence) == true, "\(error?.sentence ?? "accepted \(text)")")
      #expect(error?.sentence.hasPrefix("\(field.rawValue) '") == true && error?.field == field)
    }
  }

  @Test func aProblemKnowsItsPlace() {
    let cases: [(CrontabField, String, Int)] = [
      (.minute, "60", 0), (.minute, "1,60", 2), (.minute, "1, 2,  61", 7), (.minute, "1,,2", 2), (.minute, "*/0", 2),
      (.hour, "1-24", 2), (.hour, "1-2-3", 4), (.hour, "5/10", 2), (.dayOfWeek, "mon,fri-xyz", 8), (.minute, "", 0),
      (.dayOfMonth, "1-31/x", 5),
    ]
    for (field, text, offset) in cases {
      let error = #expect(throws: CrontabProblem.self) { try field.read(text) }
      #expect(error?.offset == offset, "\(text): \(error?.offset ?? -1)")
    }
  }
}
