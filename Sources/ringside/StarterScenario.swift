/// What `ringside init` writes.
enum StarterScenario {
  static let text = """
    # A scenario for ringside: who sends what to whom, how fast, and what is proven about it.
    #   ringside check FILE    says what is wrong with it
    #   ringside plan FILE     shows every default that was filled in
    #   ringside run FILE      runs it
    # Durations have a unit (250ms), rates too (50k/s), sizes too (4KiB); counts may be short (10M).

    name: my-first-scenario
    description: One producer, one queue, one consumer.

    # All randomness derives from it: the same seed sends the same messages at the same times.
    seed: 1

    workload:
      pattern: work_queue          # also: request_reply, and ring for the bare ring buffer
      payload: 128B                # size of each message body
      producers:
        orders: { count: 1 }       # threads; with more than there are cores, the scheduler is measured too
      consumers:
        workers:
          count: 1
          prefetch: 256            # the most deliveries waiting for an acknowledgement
          ack: { every: 16 }       # also: each, none

    # Open loop: each message has its time to be sent, and latency counts from that time whether or not the queue was
    # ready for it. Also: constant: 20k/s, in_flight: 16 (closed loop), saturate: 10M (as fast as it goes).
    load:
      warmup: 1s
      phases:
        - steady: { poisson: 20k/s, for: 5s }

    # Every message is checked for loss, duplication, order and corruption. These are the defaults:
    verify: { loss: 0, duplicates: 0, order: per_producer, payload: crc32c }

    """
}
