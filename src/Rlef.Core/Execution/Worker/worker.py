"""Supervisor of the judge. Speaks frames with its host; runs inside a sandbox.

A job is a program and inputs. Each test runs in a fork of a warm interpreter (zygote.py): either one fork a test, or one fork for all tests of a
program. The supervisor holds no expected outputs, and never interprets a byte that a program's process wrote: it hands them to the host.

It never forks once a job has come: the zygote does, which sees no job. So no program finds in its memory what was left of another one.

Covered: processes, signals, files, network, memory, time and output, by the kernel (namespaces, seccomp, resource limits) and by killing from
outside. Not covered: bugs of the kernel, timing side channels, and what a program does to its own tests when they share a fork.

    worker.py [--socket PATH] [--threads N] [--modules NAMES]

The host is at the socket (the first connection is for what it sends, the second for what we send), or else, also where the socket cannot be reached,
at standard input and output. N bounds the processes and threads of this user, where no control group does. NAMES, with
commas between them, are what programs may import from /packages. A frame from the host is its length (u32
little-endian), JSON, and after a job the bytes of all inputs, whose lengths the JSON has; a frame to the host is its length and JSON.
"""
import sys
sys.path.insert(0, '/worker')
import itertools, json, marshal, os, signal, struct, time  # noqa: E401
import box
import landlock
import packages
import process
import program
import seccomp
import zygote
sys.path.pop(0)

MESSAGE = 1 << 20   # results are sent once they are this long, so that many long outputs never lie here together

class Host:
    """The other end: sends jobs, and may end one early."""

    def __init__(self, path):
        # One connection each way: on a single one, either end would wake once more for each of its messages that the other has read.
        ends = [connect(path), connect(path)] if path else [None]
        self.descriptor, self.sink = (os.dup(0), os.dup(1)) if None in ends else ends
        self.source = os.fdopen(self.descriptor, 'rb', buffering=1 << 16)

    def receive(self):
        """The next job; None once the host is gone."""
        while True:
            head = self.source.read(4)
            if len(head) < 4:
                return None
            message = json.loads(self.source.read(struct.unpack('<I', head)[0]))
            if 'stop' not in message:          # of a job that had come to its end by itself
                return Job(message, self.source.read(sum(message['inputs'])))

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


class Job:
    def __init__(self, message, inputs):
        self.id, self.isolation, self.cpu, self.wall, self.output, self.output_file = (message[name] for name in ('id', 'isolation', 'cpu', 'wall', 'output', 'output_file'))
        self.encoded, self.inputs, self.ends = marshal.dumps(message), memoryview(inputs), [0, *itertools.accumulate(message['inputs'])]
        self.total = len(message['inputs'])

    def file(self, start, count):
        """A file for one process: the job and the inputs of its tests."""
        file = process.new_file()
        for data in (program.PART.pack(len(self.encoded), start, count) + self.encoded, self.inputs[self.ends[start]:self.ends[start + count]]):
            while data:
                data = data[os.write(file, data):]
        return file


class Answer:
    """The results of a job, sent in few messages: once they are long, and before one keeps the host waiting."""

    def __init__(self, host, job):
        self.host, self.job, self.done, self.results, self.length, self.sent = host, job, 0, [], 0, time.monotonic()

    def add(self, result):
        self.done += 1
        self.results.append(result)
        self.length += len(result['report'] or '') + len(result.get('out', ''))
        if self.length >= MESSAGE or time.monotonic() - self.sent > process.PATIENCE:
            self.flush()

    def flush(self, more=True):
        if self.results or not more:
            self.host.send({'id': self.job.id, 'results': self.results, 'more': more})
        self.results, self.length, self.sent = [], 0, time.monotonic()


def timed_out(result):
    return result['killed'] in ('cpu', 'wall') or os.WIFSIGNALED(result['status']) and os.WTERMSIG(result['status']) == signal.SIGXCPU


def handle(job, host, source):
    answer, per_program = Answer(host, job), job.isolation == 'program' and job.total > 1
    while answer.done < job.total:
        unfinished = process.run(job, answer.done, job.total - answer.done if per_program else 1, answer, source)
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


def main(socket=None, threads=None, modules=None):
    os.closerange(3, 1 << 20)                  # whatever was left open by who started this
    host = Host(socket)
    box.make_standard_files()
    box.measure()
    os.chdir(box.PATH)
    quiet = os.open('/dev/null', os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    os.close(quiet)
    if seccomp.libc.prctl(38, 1, 0, 0, 0) != 0:
        raise OSError('no_new_privs')
    paths = landlock.restrict({'/usr', sys.base_prefix, packages.PATH}, ('/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/stdin', '/dev/stdout'), box.PATH)
    source = zygote.Zygote(threads and int(threads), modules.split(',') if modules else [])
    seccomp.guard(os.getpid(), source.pid)
    if source.packages and 'error' in source.packages:
        host.send(source.packages)
        return
    host.send({'ready': True, 'python': sys.version.split()[0], 'landlock': paths, 'packages': source.packages})
    while (job := host.receive()) is not None:
        handle(job, host, source)


main(**dict(zip((name.lstrip('-') for name in sys.argv[1::2]), sys.argv[2::2])))
