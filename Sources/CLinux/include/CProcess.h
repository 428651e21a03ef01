#pragma once

// Starting, watching and ending other processes, and memory shared with them.

#include "CLinux.h"

#include <stddef.h>
#include <stdint.h>

/// Starts `executable` in a process group of its own, with no signal blocked and every signal at its default.
/// Descriptor `n` of the child, 0 <= n < count, is the caller's `sources[n]`, closed when that is negative; those from
/// `count` on are closed. Every source is negative or >= `count`. Returns 0 and the process id, or an errno.
int clinux_spawn(const char *executable, char *const *arguments, char *const *environment, const int *sources,
                 int count, int32_t *process);

/// The environment of this process, ended by NULL.
char *const *clinux_environment(void);

/// A descriptor that becomes readable when the process ends, closed on exec. Returns it, or a negative errno.
int clinux_process_descriptor(int32_t process);

/// Signals the process behind a process descriptor: never another one that got its number. Returns 0 or an errno.
int clinux_signal_process(int process_descriptor, int number);

/// How a child ended.
typedef struct {
  /// Whether a signal ended it.
  int signalled;
  /// The exit code, or the number of the signal.
  int code;
  clinux_resource_usage usage;
} clinux_process_ending;

/// Collects a child that has ended. Returns 1 when it has, 0 when it still runs, or a negative errno.
int clinux_collect_process(int process_descriptor, clinux_process_ending *ending);

/// Has the kernel kill the process when the last write end of the pipe closes, as long as the process keeps the read end
/// open. Returns 0 or an errno.
int clinux_kill_on_hang_up(int read_end, int32_t process);

/// Makes a pipe, read end first, whose ends are closed on exec. Returns 0 or an errno.
int clinux_pipe(int *ends);

/// Waits until one of the descriptors has input or is at its end, at most `timeout_ns` (negative: without limit), and
/// fills `ready`. Returns how many are ready (0: the time is over, or a signal came), or a negative errno.
int clinux_wait_for_input(const int *descriptors, uint8_t *ready, int count, int64_t timeout_ns);

/// Makes memory that processes share, of a size that nobody can change any more. Returns a descriptor, closed on exec, or
/// a negative errno.
int clinux_create_shared_memory(const char *name, int64_t byte_count);

/// The size of shared memory that nobody can shrink, or a negative errno: EPERM when somebody could.
int64_t clinux_sealed_byte_count(int descriptor);

/// Maps every page of the memory for writing, without changing it. Returns 0 or an errno.
int clinux_prefault(void *memory, size_t byte_count);
