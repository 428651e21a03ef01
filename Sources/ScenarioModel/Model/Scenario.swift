/// One scenario, fully resolved: every default is filled in, every unit is plain, every reference is known to exist.
///
/// A value of this type has passed all checks, so whoever runs it meets no unknown name, no impossible combination and
/// nothing that is not implemented. The unit of a number is in its name.
public struct Scenario: Sendable, Equatable {
  /// The version of the file format; 1.
  public var schemaVersion: Int
  /// A slug: letters, digits, `.`, `_` and `-`. The file's name without its extension when the file gives none.
  public var name: String
  /// What the scenario shows, in a sentence. May be empty. The key is `description`.
  public var summary: String
  /// The path the scenario was loaded from, as it was given.
  public var path: String
  /// All randomness of a run derives from this number.
  public var seed: UInt64
  /// What is put under load.
  public var target: Target
  /// Exchanges, queues and bindings. Empty for the pattern `ring`.
  public var topology: Topology
  /// Who sends and who receives.
  public var workload: Workload
  /// How much is sent, and when.
  public var load: Load
  /// How often the whole load is repeated, and how.
  public var trials: Trials
  /// What is proven about every message.
  public var verification: Verification
  /// Limits that measured figures must keep.
  public var objectives: [Objective]
  /// What is broken on purpose.
  public var faults: [Fault]
  /// How finely is measured.
  public var measure: Measure
  /// Where results go.
  public var output: Output
  /// What comparisons with the baseline decide; nil when they are only reported.
  public var comparison: Comparison?
  /// The search that chooses the load; `load` is then what its first trial has.
  public var search: CapacitySearch?
  /// Whether time is real.
  public var time: Time
  /// Every key that has a value, in the order of the reference: what each default became.
  public var settings: [Setting]
  /// The resolved scenario as one line of JSON with sorted keys, itself a valid scenario file.
  ///
  /// Equal for files that mean the same: comments, order, spelling of units, `vars` and `extends` leave no trace. Made
  /// for hashing, for the result file, and for handing a trial to another process.
  public var resolvedJSON: String
  /// The same without what changes nothing of what is measured, so that runs with other limits, another number of trials or another
  /// seed can be compared.
  public var comparedJSON: String
  /// The resolved scenario without its search, for its trials; nil when there is none.
  var searchlessJSON: JSONValue?
  /// The SHA-256 of each file that `resolvedJSON` only names (traces, recorded values), by the name that it has there.
  public var dataDigests: [String: String]

  /// What to hash: equal exactly when two files measure the same, and the files that they name hold the same.
  public var digestText: String {
    comparedJSON + dataDigests.sorted { $0.key < $1.key }.map { "\n\($0.key) \($0.value)" }.joined()
  }
}

extension Scenario {
  /// Whether a run takes real time.
  public enum Time: String, Sendable, CaseIterable {
    /// Real time on real threads.
    case wall
    /// A simulation: one thread goes from event to event, and handling a message takes the time that was declared.
    case virtual
  }

  /// The subject under load.
  public struct Target: Sendable, Equatable {
    /// Name of the driver: `embedded`.
    public var driver: String
  }

  /// One line of `ringside plan`: a key and the value it has.
  public struct Setting: Sendable, Equatable {
    /// Dotted path, e.g. `workload.producers.producer.count`.
    public var path: String
    /// The value as one would write it in a file.
    public var value: String
    /// Whether the value was left out of the file.
    public var isDefault: Bool
  }
}
