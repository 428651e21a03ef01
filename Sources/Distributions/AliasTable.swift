/// Draws one of n things, each with a share of its own, in constant time: a place and a coin.
///
/// Source: Alastair J. Walker, "An Efficient Method for Generating Discrete Random Variables with General Distributions",
/// 1977; the tables are filled as in Michael D. Vose, "A Linear Algorithm for Generating Random Numbers with a Given
/// Distribution", 1991.
@safe
public final class AliasTable: @unchecked Sendable {
  // Unchecked, because: the memory is written in `init` and never again.

  /// How many things there are.
  public let count: Int
  /// By place: the share of the place that its own thing has, as a 64-bit fraction, and who has the rest.
  @usableFromInline let thresholds: UnsafeMutablePointer<UInt64>
  @usableFromInline let aliases: UnsafeMutablePointer<Int32>

  /// The most things.
  public static let countLimit = 1 << 24

  /// A table for shares in proportion to `weights`, of which at least one is above 0 and none below. O(n).
  public init(weights: [Double]) {
    precondition((1...Self.countLimit).contains(weights.count), "\(weights.count) weights")
    precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "a weight is 0 or more")
    let sum = weights.reduce(0, +)
    precondition(sum > 0, "a weight is above 0")
    count = weights.count
    unsafe thresholds = .allocate(capacity: weights.count)
    unsafe aliases = .allocate(capacity: weights.count)
    var rest = weights.map { $0 * Double(weights.count) / sum }
    var small = rest.indices.filter { rest[$0] < 1 }
    var large = rest.indices.filter { rest[$0] >= 1 }
    while let place = small.popLast() {
      // Rounding may use up the large ones a little early.
      guard let giver = large.last else {
        fill(place, .max, alias: place)
        continue
      }
      fill(place, UInt64(rest[place] * 0x1p63) << 1, alias: giver)
      rest[giver] -= 1 - rest[place]
      if rest[giver] < 1 { small.append(large.removeLast()) }
    }
    for place in large { fill(place, .max, alias: place) }
  }

  /// What the table says about one place.
  struct Place {
    var threshold: UInt64
    var alias: Int
  }

  /// The table with these places, each of whose aliases is one of them.
  init(places: [Place]) {
    precondition(!places.isEmpty, "there are no places")
    count = places.count
    unsafe thresholds = .allocate(capacity: places.count)
    unsafe aliases = .allocate(capacity: places.count)
    for (index, place) in places.enumerated() { fill(index, place.threshold, alias: place.alias) }
  }

  /// All places.
  var places: [Place] { (0..<count).map { unsafe Place(threshold: thresholds[$0], alias: Int(aliases[$0])) } }

  deinit {
    unsafe thresholds.deallocate()
    unsafe aliases.deallocate()
  }

  private func fill(_ place: Int, _ threshold: UInt64, alias: Int) {
    unsafe (thresholds + place).initialize(to: threshold)
    unsafe (aliases + place).initialize(to: Int32(alias))
  }

  /// The thing that `bits` stand for. The bias is below n / 2^64.
  @inlinable @inline(__always)
  public func index(_ bits: UInt64) -> Int { view.index(bits) }

  /// The table for who keeps it alive by other means.
  @inlinable
  var view: View { unsafe View(thresholds: thresholds, aliases: aliases, count: count) }

  /// Where the table is, without a reference to be counted.
  @safe @frozen @usableFromInline
  struct View: @unchecked Sendable {
    // Unchecked, because: nothing writes to what it points to.
    @usableFromInline let thresholds: UnsafeMutablePointer<UInt64>
    @usableFromInline let aliases: UnsafeMutablePointer<Int32>
    @usableFromInline let count: Int

    @inlinable
    init(thresholds: UnsafeMutablePointer<UInt64>, aliases: UnsafeMutablePointer<Int32>, count: Int) {
      unsafe self.thresholds = thresholds
      unsafe self.aliases = aliases
      self.count = count
    }

    @inlinable @inline(__always)
    func index(_ bits: UInt64) -> Int {
      // The high half chooses the place, the low half, which is as good as independent of it, tosses the coin.
      let product = bits.multipliedFullWidth(by: UInt64(truncatingIfNeeded: count))
      let place = Int(truncatingIfNeeded: product.high)
      return unsafe product.low < thresholds[place] ? place : Int(aliases[place])
    }
  }
}

extension AliasTable {
  /// The share of each thing, as the table holds it.
  var probabilities: [Double] {
    var result = [Double](repeating: 0, count: count)
    for place in 0..<count {
      let own = unsafe Double(thresholds[place]) * 0x1p-64
      result[place] += own / Double(count)
      result[unsafe Int(aliases[place])] += (1 - own) / Double(count)
    }
    return result
  }
}

extension AliasTable: Equatable {
  public static func == (left: AliasTable, right: AliasTable) -> Bool {
    left.count == right.count
      && (0..<left.count).allSatisfy {
        unsafe left.thresholds[$0] == right.thresholds[$0] && left.aliases[$0] == right.aliases[$0]
      }
  }
}
