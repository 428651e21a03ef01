/// What this version does not implement yet. Removing an entry here is what makes a key usable.
///
/// Everything else about a key (its place, its kind, its default) is in `KeyTable` and holds already, so that a typing
/// error in a part that is not supported yet is still found.
enum Support {
  /// Keys that are refused with all that is in them. A path, with `*` for free names; producers, consumers, phases and
  /// queues by their family.
  static let unsupportedKeys: Set<String> = [
    "target.url", "target.virtual_host",
    "topology.exchanges.*.arguments",
    "topology.queues.*.durable",
    "search.scaling",
    "workload.workers.autoscale",
    "workload.tasks.*.starmap", "workload.tasks.*.chunks", "workload.tasks.*.unique",
  ]

  /// Words that are refused as the value of a key.
  static let unsupportedValues: [String: Set<String>] = [
    "target.driver": ["amqp", "redis", "nats", "celery"],
    "topology.exchanges.*": ["x-consistent-hash"],
    "topology.exchanges.*.type": ["x-consistent-hash"],
    "producer.compression": ["bzip2", "lzma", "brotli"],
  ]

}
