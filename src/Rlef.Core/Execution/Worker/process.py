"""One process of a program, watched from outside by the supervisor while it goes through its tests."""
import fcntl
import math
import os
import select
import stat
import struct
import time
import box
import program

PATIENCE = 0.02     # seconds that a result waits for the next one, so that the host can stop a slow job early
IDLE, LONGEST = 0.005, 4   # a share of the elapsed time, of which a process that waits for a core on a busy machine uses more; so many times the limit ends that one too


def new_file():
    return os.memfd_create('t', os.MFD_CLOEXEC)


def open_standard(path):
    """The file that a standard file is for one process after the other: the one at its path, so that the path opens too; or else one without a name, where
    /proc makes a path of the descriptor. What is written goes to its end, as into a pipe: a program may have opened it once more, and written there."""
    if stat.S_ISREG(os.stat(path).st_mode):
        return os.open(path, os.O_RDWR | os.O_TRUNC | os.O_APPEND)
    file = new_file()
    fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND)
    return file


def run(job, start, count, answer, source):
    """Adds the results that came to their end to the answer; returns the one that did not, if any: tests after it were not run."""
    process = Process(job, start, count, answer, source)
    try:
        return process.run()
    finally:
        process.close()


class Process:
    """Most programs are through with all tests within a moment. Until then reports are left in the channel, to be read together: to hear each at
    once would cost as much as the test. They share the processor time of that moment evenly."""

    def __init__(self, job, start, count, answer, source):
        self.job, self.count, self.answer, self.source = job, count, answer, source
        self.test_began, self.midway = time.monotonic(), None
        # Of the longest report in JSON: a value has quotes to escape; where tests share a process, their outputs are in the reports, in any bytes.
        self.pid, self.buffer, self.cap = None, bytearray(), job.output * (2 if count == 1 else 6) + (200 << 10)
        self.done, self.last, self.killed, self.cpu_before = 0, None, None, 0.0
        self.out = open_standard('/dev/stdout')
        self.channel, writer = os.pipe2(os.O_CLOEXEC)
        given = job.file(start, count)
        source.start(given, self.out, writer)
        os.close(given)
        os.close(writer)

    def close(self):
        os.close(self.channel)
        os.close(self.out)

    def run(self):
        job, end = self.job, self.watch()
        if end is None:
            while self.pid is None:
                self.read()
            self.source.kill(self.pid)
            end = self.source.ended()
        status, cpu = end
        if self.killed is None:
            while self.read():
                pass
            self.take(cpu)
        finished = self.done == self.count
        if not finished:
            if self.killed is None and cpu - self.cpu_before >= job.cpu:
                self.killed = 'cpu'            # the kernel's own limit struck first: the supervisor was late
            self.last = {'report': None, 'killed': self.killed, 'cpu': cpu - self.cpu_before, 'wall': time.monotonic() - self.test_began}
        if self.count == 1 and self.killed is None and job.output_file:
            box.take(box.PATH + b'/' + os.fsencode(job.output_file), self.out, job.output + 1)
        box.empty()
        if self.count == 1 or not finished:
            text = os.pread(self.out, job.output + 1, 0).decode('utf-8', 'replace') if self.count == 1 else ''
            self.last.update(status=status, size=os.lseek(self.out, 0, os.SEEK_END), out=text)
        if self.count == 1 and finished:
            self.answer.add(self.last)
        return None if finished else self.last

    def watch(self):
        """Until the process has ended, or has reported on all tests, or is to be killed. Returns its end, if it has come."""
        job, control, host = self.job, self.source.control, self.answer.host.descriptor
        ready = select.poll()
        ready.register(control, select.POLLIN)
        ready.register(host, select.POLLIN)
        left, listening = min(PATIENCE, job.cpu / 20), False
        while self.done < self.count and self.killed is None:
            descriptors = [descriptor for descriptor, _ in ready.poll(math.ceil(1000 * max(0.001, left)))]
            if control in descriptors:
                return self.source.ended()
            if host in descriptors:
                self.killed = 'host'           # it has heard enough, or is gone
                break
            if not listening:
                ready.register(self.channel, select.POLLIN)
                listening = True
            elif not descriptors:
                self.answer.flush()
            elif not self.read():
                ready.unregister(self.channel)   # the program closed it: no report can come any more
            cpu = self.processor_time()
            if cpu is None:
                return self.source.ended()
            self.take(cpu)
            elapsed, used = time.monotonic() - self.test_began, cpu - self.cpu_before
            if self.done < self.count and self.killed is None:
                self.killed = 'wall' if self.is_late(elapsed, used) else 'cpu' if used >= job.cpu else None
            due = job.wall / 2 + (self.midway[0] if self.midway else 0) - elapsed
            left = min(due if due > 0 else PATIENCE, job.cpu - used)
            left = min(left, PATIENCE) if self.answer.results else left
        return None

    def is_late(self, elapsed, used):
        """A sleeper uses nothing in the second half of its time, however busy it was in the first; of one that waits for a core, the half as a whole has some."""
        half = self.job.wall / 2
        if self.midway is None and elapsed >= half:
            self.midway = elapsed, used
        since, before = self.midway or (elapsed, used)
        return elapsed >= LONGEST * self.job.wall or elapsed - since >= half and used - before < IDLE * (elapsed - since)

    def processor_time(self):
        """None once the process has ended."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2) if self.pid else 0.0
        except OSError:
            return None

    def read(self):
        """Takes in a piece of what the channel holds. Returns whether there was one, which there is not only once it is closed."""
        data = os.read(self.channel, 1 << 16)
        self.buffer += data
        if self.pid is None:                   # comes first, written before the program began
            if not data:
                raise EOFError('the zygote made no process')
            self.pid, = program.PID.unpack_from(self.buffer)
            del self.buffer[:program.PID.size]
        return bool(data)

    def take(self, cpu):
        """Makes results of the whole reports in the buffer. The process has used this much processor time by now."""
        reports = []
        while len(self.buffer) >= 4 and self.done + len(reports) < self.count:
            size = struct.unpack_from('<I', self.buffer)[0]
            if size > self.cap:
                self.killed = 'protocol'
                break
            if len(self.buffer) < 4 + size:
                break
            report = self.buffer[4:4 + size].decode('latin-1')
            if not (report.isascii() and report.isprintable()):
                self.killed = 'protocol'       # not JSON as the stub writes it; on its way to the host it would grow sixfold
                break
            reports.append(report)
            del self.buffer[:4 + size]
        if not reports:
            return
        now, share = time.monotonic(), len(reports)
        for report in reports:
            self.last = {'report': report, 'cpu': (cpu - self.cpu_before) / share, 'wall': (now - self.test_began) / share}
            self.done += 1
            if self.count > 1:
                self.answer.add(self.last)
        self.test_began, self.cpu_before, self.midway = now, cpu, None
