extension Int64 {
  /// The moment that is `duration` later, or the last there is: so long a time means never.
  func advanced(upTo duration: Int64) -> Int64 {
    let (moment, overflows) = addingReportingOverflow(duration)
    return overflows ? .max : moment
  }
}
