/// Why a text is not the quantity that its key needs.
enum QuantityError: Error, Equatable {
  /// Not a number at all.
  case notANumber
  /// A number without a unit; the suggestion is the number with the unit that was most likely meant.
  case missingUnit(suggestion: String)
  /// A unit that does not exist, or of another kind of quantity.
  case wrongUnit
  /// Below zero.
  case negative
  /// More than 63 bits.
  case tooLarge
  /// Not a whole number of the smallest unit.
  case tooFine
}
