#pragma once

// What Swift cannot say: compiler built-ins, variadic system calls, macros, and GNU extensions of the C library.
// The header stays free of <x86intrin.h> and of _GNU_SOURCE, both of which change what importers see.

#include <stddef.h>
#include <stdint.h>

/// Tells the core that this is a spin loop: it saves power and yields to a sibling hardware thread.
static inline __attribute__((always_inline)) void clinux_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// A word, and two, anywhere in memory, of bytes of any type. Volatile, because the compiler would make larger vectors, or a
/// call, of a copy of several.
typedef volatile uint64_t __attribute__((aligned(1), may_alias)) clinux_word;
typedef volatile uint64_t __attribute__((vector_size(16), aligned(1), may_alias)) clinux_word_pair;

/// Copies `count` bytes between places that do not overlap, the first 64 word by word: see `FreshBytes`.
static inline __attribute__((always_inline)) void clinux_copy_fresh(void *to, const void *from, size_t count) {
  char *target = (char *)to;
  const char *source = (const char *)from;
  size_t offset = 0;
  for (; offset < 64 && offset + 8 <= count; offset += 8)
    *(clinux_word *)(target + offset) = *(const clinux_word *)(source + offset);
  // Short ones without a call.
  for (; count <= 256 && offset + 16 <= count; offset += 16)
    *(clinux_word_pair *)(target + offset) = *(const clinux_word_pair *)(source + offset);
  if (offset < count) __builtin_memcpy(target + offset, source + offset, count - offset);
}

/// Ticks of the core's constant-rate counter, or 0 on an architecture without one.
static inline __attribute__((always_inline)) uint64_t clinux_cycle_count(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return 0;
#endif
}

/// A full fence: no load below it is performed before a store above it is visible.
static inline __attribute__((always_inline)) void clinux_full_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

/// Keeps the compiler from moving loads and stores across this place; the core may still do it.
static inline __attribute__((always_inline)) void clinux_compiler_fence(void) { __asm__ volatile("" ::: "memory"); }

/// Announces that this process will ask for process-wide barriers. Returns 0 or an errno.
int clinux_register_process_barrier(void);

/// Runs a full fence on every core that runs a thread of this process; the others have passed one. Returns 0 or an errno.
int clinux_process_barrier(void);

/// Sleeps while `*word == expected`, until woken or for `timeout_ns` (negative: without limit).
/// Returns 0 when woken or when the word already differed, and ETIMEDOUT when the time was over.
/// The futex is a shared one: a private futex loses wake-ups between processes.
int clinux_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns);

/// Sleeps while both words equal what is expected of them, until woken at either or for `timeout_ns` (negative: without limit).
/// Returns as `clinux_futex_wait` does. Before Linux 5.16 it sleeps at the first word only, for 0.2 ms at most.
int clinux_futex_wait_either(const uint32_t *first, uint32_t first_expected, const uint32_t *second,
                             uint32_t second_expected, int64_t timeout_ns);

/// Wakes up to `count` sleepers of `word`; returns how many were woken.
int clinux_futex_wake(const uint32_t *word, int count);

/// Keeps the calling thread on one core. Returns 0 or an errno.
int clinux_pin_to_core(int core);

/// Cores that the process's first thread may run on, whichever thread asks: a pinned one would know of its own only. Fills `cores` with up to `capacity` core numbers, returns how many there are.
int clinux_allowed_cores(int *cores, int capacity);

/// The core that the calling thread runs on at this moment, or -1.
int clinux_current_core(void);

/// Names the calling thread (at most 15 bytes are kept) for `top -H` and debuggers.
void clinux_name_thread(const char *name);

/// Sets how late the kernel may fire the calling thread's timers, in nanoseconds. Returns 0 or an errno.
int clinux_set_timer_slack(uint64_t nanoseconds);

/// The calling thread's timer slack in nanoseconds, or -1.
int64_t clinux_timer_slack(void);

/// What getrusage(2) says, in one flat record.
typedef struct {
  int64_t user_ns, system_ns;
  int64_t voluntary_switches, involuntary_switches;
  int64_t minor_faults, major_faults;
  int64_t peak_resident_bytes;
} clinux_resource_usage;

/// The same of a record that another system call filled in.
struct rusage;
clinux_resource_usage clinux_usage_of(const struct rusage *usage);

/// Usage of the calling thread (`of_thread` != 0) or of the whole process.
clinux_resource_usage clinux_get_resource_usage(int of_thread);

/// The version text of jemalloc when it is this process's malloc, else NULL.
const char *clinux_jemalloc_version(void);

/// Where jemalloc counts the bytes that the calling thread has allocated so far, or NULL without jemalloc.
const uint64_t *clinux_jemalloc_thread_allocated(void);

/// Whether the runtime of a sanitizer is part of this process.
int clinux_has_thread_sanitizer(void);
int clinux_has_address_sanitizer(void);

/// Whether the CPU promises a cycle counter of constant rate that never stops.
int clinux_cycle_counter_is_invariant(void);

/// Asks the core to fetch a line for writing, so that a later store need not wait for another core to let go of it.
static inline __attribute__((always_inline)) void clinux_prefetch_for_writing(const void *address) {
#if defined(__x86_64__)
  // The built-in is a prefetch for reading on a baseline x86-64. All AMD64 processors take this one; some old ones ignore it.
  __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
#else
  __builtin_prefetch(address, 1, 3);
#endif
}

/// Asks the core to fetch a line for reading.
static inline __attribute__((always_inline)) void clinux_prefetch_for_reading(const void *address) {
  __builtin_prefetch(address, 0, 3);
}
