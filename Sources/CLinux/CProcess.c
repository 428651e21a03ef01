#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int add_descriptors(posix_spawn_file_actions_t *actions, const int *sources, int count) {
  for (int number = 0; number < count; number++) {
    int failure = sources[number] < 0 ? posix_spawn_file_actions_addclose(actions, number)
                                      : posix_spawn_file_actions_adddup2(actions, sources[number], number);
    if (failure) return failure;
  }
  return posix_spawn_file_actions_addclosefrom_np(actions, count);
}

static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int failure = posix_spawnattr_setflags(attributes,
                                         POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (!failure) failure = posix_spawnattr_setpgroup(attributes, 0);
  if (!failure) failure = posix_spawnattr_setsigmask(attributes, &none);
  if (!failure) failure = posix_spawnattr_setsigdefault(attributes, &all);
  return failure;
}

int clinux_spawn(const char *executable, char *const *arguments, char *const *environment, const int *sources,
                 int count, int32_t *process) {
  posix_spawn_file_actions_t actions;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure) return failure;
  posix_spawnattr_t attributes;
  failure = posix_spawnattr_init(&attributes);
  if (!failure) {
    failure = add_descriptors(&actions, sources, count);
    if (!failure) failure = set_attributes(&attributes);
    pid_t child = 0;
    if (!failure) failure = posix_spawn(&child, executable, &actions, &attributes, arguments, environment);
    *process = child;
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

char *const *clinux_environment(void) { return environ; }

// The system calls by number: the C library wraps them from version 2.36 on only.
int clinux_process_descriptor(int32_t process) {
  long descriptor = syscall(SYS_pidfd_open, (pid_t)process, 0);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int clinux_signal_process(int process_descriptor, int number) {
  return syscall(SYS_pidfd_send_signal, process_descriptor, number, NULL, 0) == 0 ? 0 : errno;
}

int clinux_collect_process(int process_descriptor, clinux_process_ending *ending) {
  enum { by_descriptor = 3 };  // P_PIDFD, which older headers do not name.
  siginfo_t info = {0};
  struct rusage usage = {0};
  // The bare system call, because the C library's waitid does not hand out the usage.
  long result;
  do {
    result = syscall(SYS_waitid, by_descriptor, process_descriptor, &info, WEXITED | WNOHANG, &usage);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return -errno;
  if (info.si_pid == 0) return 0;
  ending->signalled = info.si_code != CLD_EXITED;
  ending->code = info.si_status;
  ending->usage = clinux_usage_of(&usage);
  return 1;
}

int clinux_kill_on_hang_up(int read_end, int32_t process) {
  if (fcntl(read_end, F_SETSIG, SIGKILL) != 0) return errno;
  if (fcntl(read_end, F_SETOWN, (int)process) != 0) return errno;
  return fcntl(read_end, F_SETFL, O_ASYNC) == 0 ? 0 : errno;
}

int clinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

int clinux_wait_for_input(const int *descriptors, uint8_t *ready, int count, int64_t timeout_ns) {
  enum { limit = 64 };
  struct pollfd waits[limit];
  if (count > limit) return -EINVAL;
  for (int i = 0; i < count; i++) waits[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
  struct timespec time = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
  int found = ppoll(waits, (nfds_t)count, timeout_ns < 0 ? NULL : &time, NULL);
  if (found < 0) {
    if (errno != EINTR) return -errno;
    found = 0;
  }
  for (int i = 0; i < count; i++) ready[i] = found > 0 && waits[i].revents != 0;
  return found;
}

int clinux_create_shared_memory(const char *name, int64_t byte_count) {
  int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -errno;
  if (ftruncate(descriptor, byte_count) == 0 &&
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
    return descriptor;
  }
  int failure = errno;
  close(descriptor);
  return -failure;
}

int64_t clinux_sealed_byte_count(int descriptor) {
  struct stat status;
  int seals = fcntl(descriptor, F_GET_SEALS);
  if (seals < 0 || fstat(descriptor, &status) != 0) return -errno;
  return seals & F_SEAL_SHRINK ? (int64_t)status.st_size : -EPERM;
}

int clinux_prefault(void *memory, size_t byte_count) {
  enum { populate_write = 23 };  // MADV_POPULATE_WRITE, which older headers do not name.
  return madvise(memory, byte_count, populate_write) == 0 ? 0 : errno;
}
