#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

int clinux_register_process_barrier(void) {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0 ? 0 : errno;
}

int clinux_process_barrier(void) {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0 ? 0 : errno;
}

int clinux_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns) {
  struct timespec limit, *limit_or_null = NULL;
  if (timeout_ns >= 0) {
    limit.tv_sec = timeout_ns / 1000000000;
    limit.tv_nsec = timeout_ns % 1000000000;
    limit_or_null = &limit;
  }
  long result = syscall(SYS_futex, word, FUTEX_WAIT, expected, limit_or_null, NULL, 0);
  return result == -1 && errno == ETIMEDOUT ? ETIMEDOUT : 0;
}

// By number and by hand: older headers know neither the call nor its record. Sizes are those of the kernel's interface.
struct waited_word {
  uint64_t expected, address;
  uint32_t flags, reserved;
};

int clinux_futex_wait_either(const uint32_t *first, uint32_t first_expected, const uint32_t *second,
                             uint32_t second_expected, int64_t timeout_ns) {
  enum { futex_waitv = 449, size_32_shared = 2, without_it_ns = 200000 };
  struct waited_word words[2] = {{first_expected, (uintptr_t)first, size_32_shared, 0},
                                 {second_expected, (uintptr_t)second, size_32_shared, 0}};
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  if (timeout_ns >= 0) {
    int64_t ns = end.tv_nsec + timeout_ns % 1000000000;
    end.tv_sec += timeout_ns / 1000000000 + ns / 1000000000;
    end.tv_nsec = ns % 1000000000;
  }
  if (syscall(futex_waitv, words, 2, 0, timeout_ns < 0 ? NULL : &end, CLOCK_MONOTONIC) >= 0) return 0;
  if (errno == ETIMEDOUT) return ETIMEDOUT;
  if (errno != ENOSYS && errno != EPERM) return 0;
  if (__atomic_load_n(second, __ATOMIC_ACQUIRE) != second_expected) return 0;
  int64_t slice = timeout_ns >= 0 && timeout_ns < without_it_ns ? timeout_ns : without_it_ns;
  int over = clinux_futex_wait(first, first_expected, slice);
  return slice == timeout_ns ? over : 0;
}

int clinux_futex_wake(const uint32_t *word, int count) {
  long woken = syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
  return woken < 0 ? 0 : (int)woken;
}

int clinux_pin_to_core(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (core < 0 || core >= CPU_SETSIZE) return EINVAL;
  CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
}

int clinux_allowed_cores(int *cores, int capacity) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(getpid(), sizeof set, &set) != 0) return 0;
  int found = 0;
  for (int core = 0; core < CPU_SETSIZE; core++) {
    if (!CPU_ISSET(core, &set)) continue;
    if (found < capacity) cores[found] = core;
    found++;
  }
  return found;
}

int clinux_current_core(void) { return sched_getcpu(); }

void clinux_name_thread(const char *name) {
  char kept[16] = {0};
  for (int i = 0; i < 15 && name[i]; i++) kept[i] = name[i];
  pthread_setname_np(pthread_self(), kept);
}

int clinux_set_timer_slack(uint64_t nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, (unsigned long)nanoseconds, 0, 0, 0) == 0 ? 0 : errno;
}

int64_t clinux_timer_slack(void) { return prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0); }

static int64_t nanoseconds(struct timeval value) {
  return (int64_t)value.tv_sec * 1000000000 + (int64_t)value.tv_usec * 1000;
}

clinux_resource_usage clinux_usage_of(const struct rusage *usage) {
  clinux_resource_usage result = {
      .user_ns = nanoseconds(usage->ru_utime),
      .system_ns = nanoseconds(usage->ru_stime),
      .voluntary_switches = usage->ru_nvcsw,
      .involuntary_switches = usage->ru_nivcsw,
      .minor_faults = usage->ru_minflt,
      .major_faults = usage->ru_majflt,
      .peak_resident_bytes = usage->ru_maxrss * 1024,
  };
  return result;
}

clinux_resource_usage clinux_get_resource_usage(int of_thread) {
  struct rusage usage = {0};
  getrusage(of_thread ? RUSAGE_THREAD : RUSAGE_SELF, &usage);
  return clinux_usage_of(&usage);
}

// Weak: only a build with the sanitizer has its runtime.
extern void __tsan_init(void) __attribute__((weak));
extern void __asan_init(void) __attribute__((weak));

int clinux_has_thread_sanitizer(void) { return __tsan_init != NULL; }
int clinux_has_address_sanitizer(void) { return __asan_init != NULL; }

// Weak: only an executable that links jemalloc has it. A library must not replace its user's malloc.
extern int mallctl(const char *name, void *old, size_t *old_length, void *new_value, size_t new_length)
    __attribute__((weak));

const char *clinux_jemalloc_version(void) {
  const char *version = NULL;
  size_t length = sizeof version;
  if (!mallctl || mallctl("version", &version, &length, NULL, 0) != 0) return NULL;
  return version;
}

const uint64_t *clinux_jemalloc_thread_allocated(void) {
  const uint64_t *counter = NULL;
  size_t length = sizeof counter;
  if (!mallctl || mallctl("thread.allocatedp", &counter, &length, NULL, 0) != 0) return NULL;
  return counter;
}

int clinux_cycle_counter_is_invariant(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  if (!__get_cpuid(0x80000007, &a, &b, &c, &d)) return 0;
  return (d >> 8) & 1;
#elif defined(__aarch64__)
  return 1;
#else
  return 0;
#endif
}
