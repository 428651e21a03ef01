import ResultModel

extension TrialResult {
  /// Why its figures do not count, in sentences: what was wrong with its load, then what happened that set it aside.
  var reasons: [String] {
    let settingAside = [TrialEvent.Kind.disturbed, .rehearsal].map(\.rawValue)
    return invalidReasons + events.filter { settingAside.contains($0.kind) && !$0.detail.isEmpty }.map(\.detail)
  }
}
