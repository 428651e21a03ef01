extension SourceNode {
  /// This node with `overlay` on top: maps merge key by key, everything else is replaced. A null in the overlay removes
  /// what was inherited.
  ///
  /// Keys keep the order of this node; new ones follow in the order of the overlay.
  func merged(with overlay: SourceNode) -> SourceNode {
    guard case .map(var entries) = kind, case .map(let added) = overlay.kind else { return overlay }
    for entry in added {
      guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
        entries.append(entry)
        continue
      }
      let value = entries[index].value.merged(with: entry.value)
      entries[index] = Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
    }
    return SourceNode(kind: .map(entries), position: overlay.position)
  }

  /// Without the entries that are null.
  func withoutNulls() -> SourceNode {
    switch kind {
    case .map(let entries):
      let kept = entries.filter { $0.value.kind != .null }
      return SourceNode(
        kind: .map(kept.map { Entry(key: $0.key, keyPosition: $0.keyPosition, value: $0.value.withoutNulls()) }),
        position: position)
    case .list(let items): return SourceNode(kind: .list(items.map { $0.withoutNulls() }), position: position)
    default: return self
    }
  }
}
