/**
 * System calls a box may make on 64-bit machines; every other call fails with EPERM.
 *
 * Derived from the default profile of containers-common, minus whatever creates or enters namespaces, mounts, traces,
 * reads foreign memory, loads code into the kernel, sets clocks, keeps keys, shares memory or messages between processes
 * by name, leaves extended attributes behind for the next program, writes out the whole machine's disks, or has a record of kernel faults (io_uring, userfaultfd).
 *
 * @see https://github.com/containers/common/blob/main/pkg/seccomp/seccomp.json
 */
export const ALLOWED_CALLS: readonly string[] = `
  accept accept4 access alarm arch_prctl bind brk capget chdir chmod chown clock_getres
  clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 close close_range
  connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2
  epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64
  fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock
  fork fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_time64 futex_waitv
  futimesat get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups
  getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit
  getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr inotify_add_watch inotify_init
  inotify_init1 inotify_rm_watch ioctl ioprio_get ioprio_set kill lchown lgetxattr link linkat listen listxattr
  llistxattr lseek lstat lstat64 madvise map_shadow_stack membarrier memfd_create mkdir mkdirat mlock mlock2
  mlockall mmap mmap2 mprotect mq_timedreceive_time64 mq_timedsend_time64 mremap msync munlock munlockall munmap
  nanosleep newfstatat open openat openat2 pause pipe pipe2 poll ppoll ppoll_time64 prctl pread64 preadv preadv2
  prlimit64 pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv
  rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending
  rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
  rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
  sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr
  sched_setparam sched_setscheduler sched_yield seccomp select semtimedop_time64 sendfile sendfile64
  set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid
  setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid shutdown sigaltstack
  signalfd signalfd4 splice stat stat64 statfs statfs64 statx symlink symlinkat sync_file_range
  sync_file_range2 sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime
  timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime
  timerfd_settime64 times tkill truncate truncate64 umask uname unlink unlinkat utime utimensat utimensat_time64
  utimes vfork wait4 waitid write writev
`
  .trim()
  .split(/\s+/);
