// Counts the system calls of a piece of work: a child process runs it under a seccomp filter that turns each
// call into a signal. Calls are counted and not made, so that only work which should make none can be given.
#pragma once

#include <csignal>
#include <cstddef>
#include <functional>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace portvakt::test {

inline volatile std::sig_atomic_t trapped_calls = 0;

/// What traps every call but the return from a signal and the end of the process.
inline bool trap_system_calls() {
  struct sigaction action{};
  action.sa_handler = [](int) { trapped_calls = trapped_calls + 1; };
  ::sigaction(SIGSYS, &action, nullptr);
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof rules / sizeof *rules, rules};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// How many there were, at most 100; -1: it cannot be told here.
inline int count_system_calls(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!trap_system_calls()) ::_exit(101);
    work();
    ::_exit(trapped_calls > 100 ? 100 : trapped_calls);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status) == 101 ? -1 : WEXITSTATUS(status);
}

}  // namespace portvakt::test
