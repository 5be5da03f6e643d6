"""System call filters (x86-64). They are BPF programs, so the kernel enforces them whatever the judged program does to this interpreter.

The servers' filter (of supervisor and zygote) is an allow-list, installed once and inherited by every child for nothing. A child adds a small one
that takes away what only servers need: making processes (threads it may make), waiting for them, passing files, changing filters.
"""
import ctypes
import errno
import struct

libc = ctypes.CDLL(None, use_errno=True)
LOAD, JUMP_EQ, JUMP_GE, JUMP_ANY, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
NUMBER, ARCH, ARG0_LOW, ARG1_LOW = 0, 4, 16, 24
X86_64, X32_BIT = 0xC000003E, 0x40000000
NEW_NAMESPACES = 0x7E020080
THREAD = 0x3D0F00      # the flags of pthread_create, and of nothing else

ALLOWED = dict(
    read=0, write=1, open=2, close=3, stat=4, fstat=5, lstat=6, poll=7, lseek=8, mmap=9, mprotect=10, munmap=11, brk=12, rt_sigaction=13,
    rt_sigprocmask=14, rt_sigreturn=15, pread64=17, pwrite64=18, readv=19, writev=20, access=21, pipe=22, select=23, sched_yield=24,
    mremap=25, msync=26, mincore=27, madvise=28, dup=32, dup2=33, pause=34, nanosleep=35, getitimer=36, alarm=37, setitimer=38, getpid=39,
    exit=60, uname=63, ftruncate=77, getdents=78, getcwd=79, readlink=89, umask=95, gettimeofday=96, getrlimit=97, getrusage=98,
    sysinfo=99, times=100, getuid=102, getgid=104, geteuid=107, getegid=108, getppid=110, getpgrp=111, rt_sigpending=127, rt_sigtimedwait=128,
    rt_sigsuspend=130, sigaltstack=131, statfs=137, fstatfs=138, arch_prctl=158, gettid=186, time=201, futex=202, sched_getaffinity=204,
    getdents64=217, set_tid_address=218, restart_syscall=219, clock_gettime=228, clock_getres=229, clock_nanosleep=230, exit_group=231,
    epoll_wait=232, epoll_ctl=233, openat=257, newfstatat=262, readlinkat=267, faccessat=269, pselect6=270, ppoll=271, set_robust_list=273,
    eventfd2=290, epoll_create1=291, dup3=292, pipe2=293, getrandom=318, memfd_create=319, membarrier=324, statx=332, rseq=334, close_range=436,
    faccessat2=439,
    # What a folder of one's own is for, and the pair of sockets by which an event loop wakes itself.
    chdir=80, fchdir=81, truncate=76, fsync=74, fdatasync=75, fallocate=285, mkdir=83, mkdirat=258, rmdir=84, unlink=87, unlinkat=263, rename=82, renameat=264,
    renameat2=316, sendfile=40, sendto=44, recvfrom=45, shutdown=48, getsockname=51)
# What programs do to files of their own in passing, copying them, and what has no effect here.
IDLE = dict(flock=73, chmod=90, fchmod=91, utime=132, utimes=235, futimesat=261, fchmodat=268, utimensat=280, fchmodat2=452)
FCNTL, LOCKS = 72, (6, 7)   # F_SETLK, F_SETLKW: they have no effect either, where nobody else has a program's files
ATTRIBUTES = 188, 200   # from setxattr to fremovexattr; copying files minds no file system without them
SERVER_ONLY = dict(sendmsg=46, recvmsg=47, wait4=61, setsid=112, prctl=157, setrlimit=160, waitid=247, seccomp=317)
KILL_CALLS = dict(kill=62, tkill=200, tgkill=234)
# The rest of fcntl reaches other processes: signals of one's choice to whoever owns a pipe, locks that others see. Of ioctl, what asks about a file.
COMMANDS = {
    FCNTL: (0, 1, 2, 3, 4, 1030),                                    # fcntl: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
    16: (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),            # ioctl: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
}
SOCKETPAIR, NOT_STREAM = 53, 0xFFFFFFFF & ~(1 | 0o2000000 | 0o4000)
CLONE, FORK, VFORK, EXECVE, EXECVEAT, CLONE3, PRLIMIT = 56, 57, 58, 59, 322, 435, 302


def refuse(code):
    return RETURN, 0, 0, 0x00050000 | code


def guard(*servers):
    """Hides the caller's memory from its children and lets them signal none of the servers."""
    libc.prctl(4, 0, 0, 0, 0)                  # not dumpable, so not to be traced
    install(server_filter(servers))


def server_filter(servers):
    """Allow-list; no signals to the servers, no sockets but pairs of connected ones, nothing of fcntl and ioctl that reaches others, resource limits only of the caller itself."""
    ops = [(LOAD, 0, 0, ARCH), (JUMP_EQ, 1, 0, X86_64), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER), (JUMP_GE, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    for number in sorted([*ALLOWED.values(), *SERVER_ONLY.values(), IDLE['chmod'], IDLE['fchmodat']]):
        ops += [(JUMP_EQ, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for number in KILL_CALLS.values():
        refused = len(servers)                 # operations between the first comparison with a server and the last
        ops += [(JUMP_EQ, 0, refused + 5, number), (LOAD, 0, 0, ARG0_LOW), (JUMP_GE, refused + 2, 0, 0x80000000)]
        ops += [(JUMP_EQ, refused + 1 - at, 0, server) for at, server in enumerate(servers)]
        ops += [(JUMP_GE, 0, 1, 2), (RETURN, 0, 0, ALLOW), refuse(errno.EPERM)]
    for number, commands in COMMANDS.items():
        ops += [(JUMP_EQ, 0, len(commands) + 3, number), (LOAD, 0, 0, ARG1_LOW)]
        ops += [(JUMP_EQ, len(commands) - at, 0, command) for at, command in enumerate(commands)]
        ops += [refuse(errno.EPERM), (RETURN, 0, 0, ALLOW)]
    ops += [(JUMP_EQ, 0, 6, SOCKETPAIR), (LOAD, 0, 0, ARG0_LOW), (JUMP_EQ, 0, 3, 1), (LOAD, 0, 0, ARG1_LOW), (JUMP_ANY, 1, 0, NOT_STREAM), (RETURN, 0, 0, ALLOW), refuse(errno.EPERM)]
    ops += [(JUMP_EQ, 0, 4, PRLIMIT), (LOAD, 0, 0, ARG0_LOW), (JUMP_EQ, 0, 1, 0), (RETURN, 0, 0, ALLOW), refuse(errno.EPERM)]
    ops += [(JUMP_EQ, 0, 4, CLONE), (LOAD, 0, 0, ARG0_LOW), (JUMP_ANY, 1, 0, NEW_NAMESPACES), (RETURN, 0, 0, ALLOW), refuse(errno.EPERM)]
    ops += [(JUMP_EQ, 0, 1, CLONE3), refuse(errno.ENOSYS), refuse(errno.EPERM)]
    return compiled(ops)


def child_filter():
    ops = [(LOAD, 0, 0, NUMBER)]
    for number in IDLE.values():
        ops += [(JUMP_EQ, 0, 1, number), refuse(0)]
    ops += [(JUMP_GE, 0, 2, ATTRIBUTES[0]), (JUMP_GE, 1, 0, ATTRIBUTES[1]), refuse(errno.ENOTSUP)]
    for number in (*SERVER_ONLY.values(), EXECVE, EXECVEAT, FORK, VFORK):
        ops += [(JUMP_EQ, 0, 1, number), refuse(errno.EPERM)]
    ops += [(JUMP_EQ, 0, 4, FCNTL), (LOAD, 0, 0, ARG1_LOW), (JUMP_EQ, 1, 0, LOCKS[0]), (JUMP_EQ, 0, 1, LOCKS[1]), refuse(0), (LOAD, 0, 0, NUMBER)]
    ops += [(JUMP_EQ, 0, 4, CLONE), (LOAD, 0, 0, ARG0_LOW), (JUMP_EQ, 0, 1, THREAD), (RETURN, 0, 0, ALLOW), refuse(errno.EAGAIN), (RETURN, 0, 0, ALLOW)]
    return compiled(ops)


def compiled(ops):
    code = b''.join(struct.pack('<HBBI', *op) for op in ops)
    buffer = ctypes.create_string_buffer(code, len(code))
    head = struct.pack('<HxxxxxxQ', len(ops), ctypes.addressof(buffer))
    return ctypes.create_string_buffer(head, len(head)), buffer


def install(program):
    if libc.prctl(22, 2, program[0], 0, 0) != 0:
        raise OSError(ctypes.get_errno(), 'seccomp')
