"""A warm interpreter that makes a process for every test or program of the judge.

It sees no job: the new process reads its own from a file. So nothing of one program lies in the memory of another. It speaks with the supervisor
over a socket: takes the three files of a new process, and says how it ended.
"""
import _socket, gc, json, os, signal, struct, sys  # noqa: E401
# What programs most often import, or a set's harness for them, is loaded here, once; more would make every fork slower.
import bisect, collections, copy, datetime, fractions, functools, heapq, itertools, math, operator, random, re, statistics, string, traceback, typing  # noqa: E401, F401
import _sitebuiltins, builtins  # noqa: E401
import box
import ending
import fork_cost
import namespace
import own_modules
import packages
import process
import program
import rehearsal
import seccomp
import semaphores
import standard_files
import threads
sys.modules['_multiprocessing'] = semaphores
sys.setrecursionlimit, sys.getrecursionlimit = namespace.setrecursionlimit, namespace.getrecursionlimit
if sys.version_info < (3, 12):
    sys.exit = ending.exit
os.utime = box.utime
# What Python's own start-up adds to the built-ins and programs rely on; it is left out for speed.
builtins.exit, builtins.quit = _sitebuiltins.Quitter('exit', 'end of input'), _sitebuiltins.Quitter('quit', 'end of input')
builtins.help, builtins.copyright = _sitebuiltins._Helper(), _sitebuiltins._Printer('copyright', sys.copyright)
builtins.credits, builtins.license = _sitebuiltins._Printer('credits', 'See www.python.org for more information.'), _sitebuiltins._Printer('license', 'See https://www.python.org/psf/license/')

FILES, END = struct.Struct('3i'), struct.Struct('id')


class Zygote:
    """The supervisor's end. The zygote is forked from the supervisor, which must not have seen a job yet."""

    def __init__(self, threads, names):
        self.socket, other = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        self.control = self.socket.fileno()
        supervisor = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            serve(other, supervisor, threads, names)
        other.close()
        self.packages = json.loads(os.read(self.control, 1 << 16)) if names else None

    def start(self, *files):
        """Makes a process of a program, which is given its job in the first file, writes to the second and reports on the third."""
        self.socket.sendmsg([b'.'], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, FILES.pack(*files))])

    def ended(self):
        """Waits for the process to end. Returns its status and its processor time, seconds."""
        return END.unpack(os.read(self.control, END.size))

    @staticmethod
    def kill(pid):
        """There is no new process before the next start, so the number is the process's own or nobody's."""
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def hide():
    """A program's module may have the name of one of ours, and finds none of them that it lacks; but for the one that the scripts of sets import. The main module is the program's own once it runs."""
    here = os.path.dirname(__file__)
    for name, module in [*sys.modules.items()]:
        if module is not semaphores and name not in ('__main__', 'rlef_values') and os.path.dirname(getattr(module, '__file__', None) or '') == here:
            del sys.modules[name]


def serve(socket, supervisor, most_threads, names):
    """The zygote; never returns."""
    control = socket.fileno()
    os.closerange(3, control)
    os.closerange(control + 1, 1 << 20)
    program.limit_for_good(most_threads)
    seccomp.guard(supervisor, os.getpid())
    filter, quiet, entrance = seccomp.child_filter(), os.open('/dev/null', os.O_RDWR), process.open_standard('/dev/stdin')
    threads.limit()
    rehearsal.rehearse(quiet)
    files = standard_files.open_anew()
    fork_cost.copy_on_fork()
    room = 0
    if names:                                  # of their libraries a program uses little, and most use none
        loaded = packages.load(names)
        os.write(control, json.dumps(loaded).encode())
        room = loaded.get('room', 0)
    own_modules.find()
    os.environ.update(HOME=own_modules.PATH, PWD=own_modules.PATH, PATH='/usr/bin:/bin', USER='nobody', LOGNAME='nobody')   # as of whoever logged in
    hide()
    gc.collect()
    kept = fork_cost.fill_pools()  # noqa: F841
    gc.disable()
    gc.freeze()
    while True:
        request, rights, _, _ = socket.recvmsg(1, _socket.CMSG_SPACE(FILES.size))
        if not request:
            os._exit(0)                        # the supervisor is gone
        given = FILES.unpack(rights[0][2])
        pid = os.fork()
        if pid == 0:
            os.close(control)
            program.child(*given, entrance, quiet, files, filter, room)
        for file in given:
            os.close(file)
        _, status, usage = os.wait4(pid, 0)
        os.ftruncate(entrance, 0)
        os.write(control, END.pack(status, usage.ru_utime + usage.ru_stime))
