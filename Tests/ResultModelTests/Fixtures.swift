/// Where the files of these tests are.
enum Fixtures {
  static var testDirectory: String { #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } }
  static var directory: String { testDirectory + "/Fixtures" }
}
