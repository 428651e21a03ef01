extension DistributionUnit {
  /// The size of a body that a broker takes.
  static let payload = DistributionUnit(parse: Quantity.size, write: Quantity.sizeText, example: "128B") { byteCount in
    if byteCount < Scenario.ProducerGroup.smallestPayloadByteCount {
      return (
        "the payload is \(byteCount)B, too small for the header that proves each message", "use 32B or more",
        .outOfRange
      )
    }
    if byteCount > Scenario.ProducerGroup.largestPayloadByteCount {
      return ("a payload above 1MiB is not supported yet", "use 1MiB or less", .notSupportedYet)
    }
    return nil
  }

  /// The size of a ring's item; its own rules are about the whole ring.
  fileprivate static let item = DistributionUnit(
    parse: Quantity.size, write: Quantity.sizeText, example: "64B", problem: { _ in nil })
}

extension ScenarioBuilder {
  /// The sizes of a group's bodies or records, or the size of its items.
  mutating func payload(_ pattern: Scenario.Pattern, in section: Section) -> Scenario.Distribution {
    if pattern == .ring, section.given("payload")?.scalar != nil || section.given("payload") == nil {
      let payload = distribution("payload", .item, in: section)
      if case .fixed(let byteCount) = payload { checkItemSize(Int(byteCount), in: section) }
      return payload
    }
    if let inner = shapedPayload(in: section) { return shapedSizes(in: inner) }
    return distribution("payload", .payload, in: section)
  }

  /// Drawn sizes make an item a record with a length, a checksum and times of its own.
  mutating func checkRecords(
    on ring: Scenario.Ring, _ workload: Scenario.Workload, _ producers: [Group], in section: Section
  ) {
    let varying = zip(workload.producerGroups, producers).first { group, _ in
      if case .fixed = group.payload { false } else { true }
    }
    guard let (_, group) = varying else { return }
    let position = group.section.position(of: "payload")
    if ring.kind != .bytes {
      report(
        .conflict, "the items of a ring have one size, but for those of kind `bytes`", at: position,
        "write payload: 64B, or use kind: bytes")
    } else if ring.isRoundTrip {
      report(
        .conflict, "`round_trip` sends items of one size", at: position, "write payload: 64B, or remove `round_trip`")
    } else if ring.memory == .shared {
      report(
        .notSupportedYet, "a ring between processes has items of one size", at: position,
        "write payload: 64B, or remove `memory`")
    } else if ring.publish == .lazy {
      report(
        .conflict, "`publish: lazy` is for items of one size", at: section.position(of: "publish"),
        "use publish: each, and a batch")
    }
  }

  private mutating func checkItemSize(_ byteCount: Int, in section: Section) {
    let position = section.position(of: "payload")
    if byteCount > 256 {
      report(
        .outOfRange, "the payload is \(Quantity.sizeText(Int64(byteCount))), larger than a slot of the ring",
        at: position, "use 256B or less")
    } else if byteCount != 96, byteCount < 8 || byteCount & (byteCount - 1) != 0 {
      report(
        .outOfRange, "the payload of a ring is a power of two from 8B to 256B, or 96B", at: position,
        "use \(Self.powerOfTwo(near: max(8, byteCount)))B")
    }
  }

  /// Not recorded when left out: then bodies are random throughout.
  mutating func compressibleShare(in section: Section) -> Double {
    guard let text = givenText("compressible", in: section), let share = try? Quantity.share(text) else { return 0 }
    record(.string(text), text, "compressible", in: section, isDefault: false)
    return share
  }
}
