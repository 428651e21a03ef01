import Glibc
import Platform
import Testing

/// A build under a sanitizer says so, wherever figures of it go. `make test-stress` sets `TSAN_OPTIONS`, and nothing else does.
@Suite struct SanitizerStressTests {
  @Test func knowsWhetherTheThreadSanitizerWatches() {
    #expect(Sanitizer.active == (unsafe getenv("TSAN_OPTIONS") == nil ? [] : [.thread]))
    #expect(Sanitizer.thread.flag == "-sanitize=thread")
  }
}
