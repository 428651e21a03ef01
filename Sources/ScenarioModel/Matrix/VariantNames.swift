/// What variants are called.
enum VariantNames {
  /// `wait=spin,batch=16`.
  static func id(of cells: [MatrixCell]) -> String {
    cells.map { "\($0.axis)=\($0.text)" }.joined(separator: ",")
  }

  /// `v03-spin-16`: the number from 1, as wide as the last one and two digits at least, and the values as far as a file
  /// name should hold them. Unique by the number.
  static func slug(of cells: [MatrixCell], number: Int, of count: Int) -> String {
    let width = max(2, String(count).count)
    let digits = String(number)
    let values = ScalarCheck.slug(from: cells.map(\.text).joined(separator: "-")).prefix(60)
    var slug = "v" + String(repeating: "0", count: width - digits.count) + digits + "-" + values
    while slug.hasSuffix("-") { slug.removeLast() }
    return slug
  }
}
