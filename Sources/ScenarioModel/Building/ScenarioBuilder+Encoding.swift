extension ScenarioBuilder {
  /// How a group's payloads are encoded.
  mutating func encoding(_ pattern: Scenario.Pattern, in section: Section) -> Scenario.Encoding {
    var encoding = Scenario.Encoding()
    encoding.serializer = choice("serializer", in: section)
    encoding.compression = choice("compression", in: section)
    encoding.shape = encoding.serializer.usualShape
    if let inner = shapedPayload(in: section), givenText("shape", in: inner) != nil {
      encoding.shape = choice("shape", in: inner)
    } else if encoding.serializer != .raw {
      settings.append(.init(path: "\(section.path).payload.shape", value: encoding.shape.rawValue, isDefault: true))
    }
    guard pattern == .ring else { return encoding }
    refuseEncoding(encoding, in: section)
    return Scenario.Encoding()
  }

  /// `payload` as a map of shape and size; nil when it is a size or a distribution of sizes.
  func shapedPayload(in section: Section) -> Section? {
    guard let node = section.given("payload"), case .map(let entries) = node.kind,
      entries.contains(where: { $0.key == "shape" || $0.key == "size" })
    else { return nil }
    return Section(
      node, keys: section.keys.key("payload")?.kind.objectKeys ?? [], path: "\(section.path).payload",
      jsonPath: section.jsonPath + [.key("payload")], position: node.position)
  }

  /// The size beside a shape.
  mutating func shapedSizes(in inner: Section) -> Scenario.Distribution {
    if let entry = inner.node?.entries.first(where: { Self.distributionKinds.contains($0.key) }) {
      report(
        .conflict, "beside `shape` the sizes stand under `size`", at: entry.keyPosition,
        "write size: { \(entry.key): … }")
    }
    return distribution("size", .payload, in: inner)
  }

  /// What is encoded may grow.
  mutating func checkEncodedSize(_ group: Scenario.ProducerGroup, in section: Section) {
    guard !group.encoding.isPlain, let largest = group.payload.highest,
      largest > Int64(Scenario.Encoding.largestPayloadByteCount)
    else { return }
    report(
      .notSupportedYet,
      "a payload of \(Quantity.sizeText(largest)) that is serialised or compressed is not supported yet",
      at: section.position(of: "payload"),
      "use \(Quantity.sizeText(Int64(Scenario.Encoding.largestPayloadByteCount))) or less, or serializer: raw")
  }

  private mutating func refuseEncoding(_ encoding: Scenario.Encoding, in section: Section) {
    let name = encoding.serializer != .raw ? "serializer" : encoding.compression != .none ? "compression" : nil
    guard let name = name ?? (encoding.shape != .bytes ? "payload" : nil) else { return }
    report(
      .conflict, "the items of a ring are never encoded", at: section.position(of: name),
      "remove `\(name == "payload" ? "shape" : name)`, or use the pattern work_queue")
  }
}
