/// What a broker lists after a run beside its queues, in the columns of `rabbitmqctl`'s lists: plain text, so that scripts can
/// read it, with a header and a newline after every line.
public enum SubjectTables {
  /// The columns of `list_exchanges`.
  public static func exchanges(_ rows: [(name: String, type: String, isInternal: Bool)]) -> String {
    TextTable(rows: [["name", "type", "internal"]] + rows.map { [$0.name, $0.type, "\($0.isInternal)"] }).text()
  }

  /// The columns of `list_bindings`.
  public static func bindings(
    _ rows: [(source: String, destination: String, kind: String, key: String, arguments: String)]
  ) -> String {
    let header = ["source_name", "destination_name", "destination_kind", "routing_key", "arguments"]
    return TextTable(rows: [header] + rows.map { [$0.source, $0.destination, $0.kind, $0.key, $0.arguments] }).text()
  }

  /// The columns of `list_consumers`; a prefetch count of 0 is no limit.
  public static func consumers(
    _ rows: [(
      queue: String, session: String, tag: String, acknowledges: Bool, prefetchCount: Int, priority: Int,
      isActive: Bool,
      unacknowledgedCount: Int
    )]
  ) -> String {
    let header = [
      "queue_name", "session", "consumer_tag", "ack_required", "prefetch_count", "priority", "active",
      "messages_unacknowledged",
    ]
    let lines = rows.map { row in
      [
        row.queue, row.session, row.tag, "\(row.acknowledges)", "\(row.prefetchCount)", "\(row.priority)",
        "\(row.isActive)", "\(row.unacknowledgedCount)",
      ]
    }
    return TextTable(rows: [header] + lines, rightColumns: [1, 2, 4, 5, 7]).text()
  }
}
