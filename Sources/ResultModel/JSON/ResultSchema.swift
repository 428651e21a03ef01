/// The JSON Schema of `result.json`, which `ringside schema result` prints.
public enum ResultSchema {
  /// The schema as JSON text. It leaves room for additions, as the contract does.
  public static var json: String { String(decoding: PackageResources.result_schema_json, as: UTF8.self) }
}
