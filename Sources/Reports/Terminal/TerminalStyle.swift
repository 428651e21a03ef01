/// How text for people may look: in colour or not, with signs beyond ASCII or not, how wide.
public struct TerminalStyle: Sendable, Equatable {
  /// Whether colours are used.
  public var usesColor: Bool
  /// Whether signs beyond ASCII are used: µ, ·, ×, block elements.
  public var usesUnicode: Bool
  /// How many columns a line has; nil where nobody said, and then lines are as long as they are.
  public var columnCount: Int?

  /// A style as it is said.
  public init(usesColor: Bool, usesUnicode: Bool, columnCount: Int? = nil) {
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
    self.columnCount = columnCount
  }

  /// Neither colours nor signs beyond ASCII.
  public static let plain = TerminalStyle(usesColor: false, usesUnicode: false)

  /// The style that suits where the text goes.
  ///
  /// Colour needs a terminal that is not `dumb`, and no `NO_COLOR` (no-color.org: present and not empty). Signs beyond
  /// ASCII need a UTF-8 locale: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set decides. `COLUMNS`, from 20 on, is how
  /// wide lines may be.
  public static func detect(isTerminal: Bool, environment: [String: String]) -> TerminalStyle {
    let refusesColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let encoding = locale.uppercased()
    return TerminalStyle(
      usesColor: isTerminal && !refusesColor && environment["TERM"] != "dumb",
      usesUnicode: encoding.hasSuffix("UTF-8") || encoding.hasSuffix("UTF8"),
      columnCount: environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 >= 20 ? $0 : nil })
  }

  /// The colours that mean something here.
  enum Color: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case bold = "1"
    case dim = "2"
  }

  func paint(_ text: String, _ color: Color) -> String {
    usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// `text` with signs beyond ASCII replaced where they cannot be shown.
  func fit(_ text: String) -> String {
    guard !usesUnicode else { return text }
    return String(
      text.flatMap { character -> [Character] in
        switch character {
        case "µ": ["u"]
        case "×": ["x"]
        case "·", "–", "—": ["-"]
        case "…": ["."]
        case "✗": ["x"]
        case "✓": ["+"]
        case "≤": ["<", "="]
        default: character.isASCII ? [character] : ["?"]
        }
      })
  }
}
