/// Curves over two axes, as numbers: how they are drawn is the renderer's.
struct Chart: Equatable {
  /// What the numbers of an axis are, and so how its marks are written.
  enum Unit: Equatable { case nanoseconds, perSecond, seconds, percentile }

  /// An axis from the smallest to the largest value.
  struct Axis: Equatable {
    var title: String
    var unit: Unit
    var isLogarithmic: Bool
  }

  /// One curve.
  struct Series: Equatable {
    struct Point: Equatable {
      var x: Double
      var y: Double
    }
    var name: String
    var points: [Point]
    /// Drawn as a grey area: what lies under it is not the subject's.
    var isFloor = false
  }

  /// Something that happened at a place on the horizontal axis.
  struct Marker: Equatable {
    var x: Double
    var text: String
  }

  var title: String
  var x: Axis
  var y: Axis
  var series: [Series]
  var markers: [Marker] = []

  /// The most curves that can be told apart.
  static let seriesLimit = 8
}
