/// Scenarios that finish at once, also in a debug build on a busy machine: their open loops send little, long before
/// they end, and a late sender does not make them invalid.
enum ShortScenario {
  static let workQueue = """
    name: short
    workload: { pattern: work_queue, payload: 128B }
    load:
      warmup: 100ms
      phases:
        - steady: { constant: 4/s, for: 1s }
        - busy: { saturate: 2k }
      pacing: { max_lag: 10s }
    measure: { interval: 100ms }
    """

  static let requestReply = """
    name: short-rpc
    workload: { pattern: request_reply, payload: 64B, wait: park }
    load: { in_flight: 1, for: 300ms }
    """

  static let ring = """
    name: short-ring
    workload: { pattern: ring, ring: { kind: spsc, capacity: 1024 }, payload: 8B, wait: park }
    load: { saturate: 100k }
    """

  /// Runs for an hour unless it is stopped.
  static let endless = """
    name: endless
    workload: { pattern: work_queue, payload: 128B }
    load:
      phases:
        - forever: { constant: 1k/s, for: 1h }
      pacing: { max_lag: 10s }
    """

  /// Its only message is handled for an hour, so that it cannot be drained.
  static let undrainable = """
    name: undrainable
    workload: { pattern: work_queue, service_time: 1h, consumers: { c: { busy: sleep } } }
    load: { saturate: 1, drain: 1h }
    """
}
