"""Fork server of the judge. Speaks frames (u32 little-endian length, JSON) with its host; runs inside a sandbox.

A job is a program and inputs. Each test runs in a fork of this warm interpreter: either one fork a test, or one fork for all tests of a
program. The server holds no expected outputs, and never interprets a byte that a child wrote: it hands them to the host.

Covered: processes, signals, files, network, memory, time and output, by the kernel (namespaces, seccomp, resource limits) and by killing from
outside. Not covered: bugs of the kernel, timing side channels, and what a program does to its own tests when they share a fork.

    worker.py [--socket PATH] [--threads N]

The host is at the socket, or else, also where the socket cannot be reached, at standard input and output. N bounds the processes and threads of
this user, where no control group does.
"""
import sys
sys.path.insert(0, '/worker')
import ctypes, gc, json, math, os, select, signal, struct, time  # noqa: E401
# What programs most often import is loaded here, once; more would make every fork slower.
import bisect, collections, functools, heapq, itertools, operator, re, string, traceback, typing  # noqa: E401, F401
import _sitebuiltins, builtins
import landlock
import program
import seccomp
sys.path.pop(0)
# What Python's own start-up adds to the built-ins and programs rely on; it is left out for speed.
builtins.exit, builtins.quit = _sitebuiltins.Quitter('exit', 'end of input'), _sitebuiltins.Quitter('quit', 'end of input')

MESSAGE = 1 << 20   # results are sent once they are this long, so that many long outputs never lie here together
PATIENCE = 0.02     # seconds that a result waits for the next one, so that the host can stop a slow job early

class Host:
    """The other end: sends jobs, and may end one early."""

    def __init__(self, path):
        self.descriptor = self.sink = connect(path) if path else None
        if self.descriptor is None:
            self.descriptor, self.sink = os.dup(0), os.dup(1)
        self.source = os.fdopen(self.descriptor, 'rb', buffering=1 << 16)

    def receive(self):
        """The next job; None once the host is gone."""
        while True:
            head = self.source.read(4)
            if len(head) < 4:
                return None
            message = json.loads(self.source.read(struct.unpack('<I', head)[0]))
            if 'stop' not in message:          # of a job that had come to its end by itself
                return message

    def send(self, message):
        data = json.dumps(message).encode('ascii')
        data = struct.pack('<I', len(data)) + data
        while data:
            data = data[os.write(self.sink, data):]


def connect(path):
    """A descriptor of the connection; None where there is none, as on gVisor."""
    libc = seccomp.libc
    descriptor = libc.socket(1, 1 | 0o2000000, 0)
    if descriptor < 0:
        return None
    if libc.connect(descriptor, struct.pack('=H108s', 1, path.encode()), 110) == 0:
        return descriptor
    os.close(descriptor)
    return None


class Answer:
    """The results of a job, sent in few messages: once they are long, and before one keeps the host waiting."""

    def __init__(self, host, job):
        self.host, self.job, self.done, self.results, self.length, self.sent = host, job, 0, [], 0, time.monotonic()

    def add(self, result):
        self.done += 1
        self.results.append(result)
        self.length += len(result['report'] or '') + len(result.get('out', ''))
        if self.length >= MESSAGE or time.monotonic() - self.sent > PATIENCE:
            self.flush()

    def flush(self, more=True):
        if self.results or not more:
            self.host.send({'id': self.job['id'], 'results': self.results, 'more': more})
        self.results, self.length, self.sent = [], 0, time.monotonic()


def new_file():
    return os.memfd_create('t', os.MFD_CLOEXEC)


def used_time(clock, otherwise):
    try:
        return time.clock_gettime(clock)
    except OSError:
        return otherwise                       # the process has just ended


def run_fork(job, start, count, answer, settings):
    """One fork. Adds the results that came to their end to the answer; returns the one that did not, if any: tests after it were not run."""
    files = (new_file(), new_file(), new_file())
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    os.set_blocking(writer, True)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        program.child(job, start, count, files, writer, *settings)
    os.close(writer)
    clock = (~pid << 3) | 2
    watch = select.poll()
    watch.register(reader, select.POLLIN)
    watch.register(answer.host.descriptor, select.POLLIN)
    cap = (job['output'] * 2 + 65536) * 3
    buffer, done, last, killed, cpu_before, open_channel = bytearray(), 0, None, None, 0.0, True
    test_began = began
    while done < count and open_channel:
        elapsed = time.monotonic() - test_began
        used = used_time(clock, cpu_before) - cpu_before
        if elapsed >= job['wall']:
            killed = 'wall'
        elif used >= job['cpu']:
            killed = 'cpu'
        if killed:
            break
        left = max(0.001, min(job['wall'] - elapsed, job['cpu'] - used))
        ready = watch.poll(math.ceil(1000 * (min(left, PATIENCE) if answer.results else left)))
        if any(descriptor == answer.host.descriptor for descriptor, _ in ready):
            killed = 'host'                    # it has heard enough, or is gone
            break
        if not ready:
            answer.flush()
            continue
        data = os.read(reader, 1 << 16)
        open_channel = bool(data)
        buffer += data
        while len(buffer) >= 4 and done < count:
            size = struct.unpack_from('<I', buffer)[0]
            if size > cap:
                killed, open_channel = 'protocol', False
                break
            if len(buffer) < 4 + size:
                break
            now, cpu = time.monotonic(), used_time(clock, cpu_before)
            last = {'report': bytes(buffer[4:4 + size]).decode('latin-1'), 'cpu': cpu - cpu_before, 'wall': now - test_began}
            del buffer[:4 + size]
            test_began, cpu_before, done = now, cpu, done + 1
            if count > 1:
                answer.add(last)
    if open_channel or killed:
        os.kill(pid, signal.SIGKILL)           # not yet waited for, so the number is still its own
    _, status, usage = os.wait4(pid, 0)
    size = os.fstat(files[1]).st_size
    if done < count:
        cpu = usage.ru_utime + usage.ru_stime - cpu_before
        if killed is None and cpu >= job['cpu']:
            killed = 'cpu'                     # the kernel's own limit struck first: this server was late
        last = {'report': None, 'killed': killed, 'cpu': cpu, 'wall': time.monotonic() - test_began}
    if count == 1 or done < count:
        last.update(status=status, size=size, out=os.pread(files[1], job['output'] + 1, 0).decode('utf-8', 'replace') if count == 1 else '')
    for descriptor in (*files, reader):
        os.close(descriptor)
    if count == 1 and done:
        answer.add(last)
    return None if done == count else last


def timed_out(result):
    return result['killed'] in ('cpu', 'wall') or os.WIFSIGNALED(result['status']) and os.WTERMSIG(result['status']) == signal.SIGXCPU


def handle(job, host, settings):
    total, answer = len(job['inputs']), Answer(host, job)
    per_program = job['isolation'] == 'program' and total > 1
    while answer.done < total:
        job['tests_per_process'] = total - answer.done if per_program else 1
        unfinished = run_fork(job, answer.done, job['tests_per_process'], answer, settings)
        if unfinished is None:
            continue
        if unfinished['killed'] == 'host':
            break
        late = timed_out(unfinished)
        if per_program and not late:
            per_program = False                # an anomaly: from here on every test has its own process
            continue
        answer.add(unfinished)
        if late:
            break
    answer.flush(more=False)


def main(socket=None, threads=None):
    host = Host(socket)
    quiet = os.open('/dev/null', os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    seccomp.libc.prctl(4, 0, 0, 0, 0)          # not dumpable: children cannot trace the server
    seccomp.libc.prctl(36, 1, 0, 0, 0)         # orphans come back to the server
    if seccomp.libc.prctl(38, 1, 0, 0, 0) != 0:
        raise OSError('no_new_privs')
    paths = landlock.restrict({'/usr', sys.base_prefix}, ('/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'))
    seccomp.install(seccomp.server_filter(os.getpid()))
    settings = seccomp.child_filter(), threads and int(threads)
    gc.collect()
    gc.disable()
    gc.freeze()
    host.send({'ready': True, 'python': sys.version.split()[0], 'landlock': paths})
    while (job := host.receive()) is not None:
        handle(job, host, settings)


main(**dict(zip((name.lstrip('-') for name in sys.argv[1::2]), sys.argv[2::2])))
