/// One cell of a matrix: a scenario of its own, with what tells it from its neighbours.
public struct ScenarioVariant: Sendable, Equatable {
  /// A value on an axis.
  public struct Parameter: Sendable, Equatable {
    /// The axis as the file names it: `serializer`, or a dotted path.
    public var axis: String
    /// The value as one would write it in a file.
    public var value: String

    /// A value on an axis.
    public init(axis: String, value: String) {
      self.axis = axis
      self.value = value
    }
  }

  /// The axes and values, `wait=spin,batch=16`; `default` without a matrix.
  public var id: String
  /// A name for files and tags, `v03-spin-16`: letters, digits, `.`, `_` and `-`.
  public var slug: String
  /// The value on each axis, in the order of the axes; empty without a matrix.
  public var parameters: [Parameter]
  /// Whether the others are compared with this one.
  public var isBaseline: Bool
  /// What is run: valid by itself.
  public var scenario: Scenario

  /// A variant that is none of a matrix, such as one of two builds.
  public init(id: String, slug: String, parameters: [Parameter], isBaseline: Bool, scenario: Scenario) {
    self.id = id
    self.slug = slug
    self.parameters = parameters
    self.isBaseline = isBaseline
    self.scenario = scenario
  }

  /// The only variant of a scenario without a matrix.
  public init(only scenario: Scenario) {
    id = "default"
    slug = "v01-default"
    parameters = []
    isBaseline = false
    self.scenario = scenario
  }

  init(_ cells: [MatrixCell], number: Int, of count: Int, isBaseline: Bool, scenario: Scenario) {
    id = VariantNames.id(of: cells)
    slug = VariantNames.slug(of: cells, number: number, of: count)
    parameters = cells.map { Parameter(axis: $0.axis, value: $0.text) }
    self.isBaseline = isBaseline
    self.scenario = scenario
  }
}
