import ResultModel

/// `variants.csv`: which variant has which value on which axis; one `param_<axis>` column per axis, by name, then the marks of the run.
enum VariantsCSV {
  static func header(of result: RunResult) -> [String] {
    ["run_id", "variant", "slug", "baseline"] + axes(of: result).map { "param_\($0)" } + ["marks"]
  }

  static func text(of result: RunResult) -> [UInt8] {
    let axes = axes(of: result)
    let marks = result.markText
    var text = CSVText(header: header(of: result))
    for variant in result.variants {
      text.append(result.runID)
      text.append(variant.id)
      text.append(variant.slug)
      text.append(variant.baseline)
      for axis in axes { append(variant.parameters[axis] ?? .null, to: &text) }
      text.append(marks)
      text.endRow()
    }
    return text.bytes
  }

  private static func axes(of result: RunResult) -> [String] {
    Set(result.variants.flatMap(\.parameters.keys)).sorted()
  }

  private static func append(_ value: JSONValue, to text: inout CSVText) {
    switch value {
    case .null: text.appendEmpty()
    case .boolean(let value): text.append(value)
    case .integer(let value): text.append(value)
    case .number(let value): text.append(value)
    case .string(let value): text.append(value)
    case .array, .object: text.append(value.text)
    }
  }
}
