"""Fork server of the judge. Speaks frames (u32 little-endian length, JSON) on its standard input and output; runs inside a sandbox.

A job is a program and inputs. Each test runs in a fork of this warm interpreter: either one fork a test, or one fork for all tests of a
program. The server holds no expected outputs, and never interprets a byte that a child wrote: it hands them to the host.

Covered: processes, signals, files, network, memory, time and output, by the kernel (namespaces, seccomp, resource limits) and by killing from
outside. Not covered: bugs of the kernel, timing side channels, and what a program does to its own tests when they share a fork.
"""
import sys
sys.path.insert(0, '/worker')
import ctypes, gc, io, json, math, os, random, resource, select, signal, struct, time, types  # noqa: E401
# What programs most often import is loaded here, once; more would make every fork slower.
import bisect, collections, functools, heapq, itertools, operator, re, string, traceback, typing  # noqa: E401, F401
import _sitebuiltins, builtins
import landlock
import rlef_values
import seccomp
sys.path.pop(0)
# What Python's own start-up adds to the built-ins and programs rely on; it is left out for speed.
builtins.exit, builtins.quit = _sitebuiltins.Quitter('exit', 'end of input'), _sitebuiltins.Quitter('quit', 'end of input')

FAILED = 113   # exit code of a child whose own set-up failed
PROGRAM = 'solution.py'
MESSAGE = 1 << 20   # results are sent once they are this long, so that many long outputs never lie here together


def limit(job):
    set_limit = resource.setrlimit
    for what, value in ((resource.RLIMIT_AS, job['memory']), (resource.RLIMIT_CPU, math.ceil(job['cpu'] * job['tests_per_process']) + 1),
                        (resource.RLIMIT_FSIZE, job['output'] + 1), (resource.RLIMIT_NOFILE, 32)):
        set_limit(what, (value, value))
    for what in (resource.RLIMIT_NPROC, resource.RLIMIT_CORE, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_MEMLOCK):
        try:
            set_limit(what, (0, 0))
        except (OSError, ValueError):
            pass                               # gVisor lacks some of these; the filter forbids what they would limit


def describe(error, source):
    """The exception as Python would print it, without the frames of this file."""
    line, frames, trace = None, [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PROGRAM:
            line = trace.tb_lineno
            frames.append((line, trace.tb_frame.f_code.co_name))
        trace = trace.tb_next
    lines = source.split('\n')
    text = lambda n: lines[n - 1].strip() if n and 0 < n <= len(lines) else ''
    if isinstance(error, SyntaxError) and error.filename == PROGRAM:
        line = error.lineno
        frames.append((line, '<module>'))
    if len(frames) > 12:
        frames = frames[:6] + frames[-6:]
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)[:1000]
    except BaseException:
        message = ''
    name = type(error).__name__[:100]
    head = [f'  File "{PROGRAM}", line {n}, in {where}\n    {text(n)}\n' for n, where in frames]
    shown = 'Traceback (most recent call last):\n' + ''.join(head) + (f'{name}: {message}' if message else name)
    return {'error': name, 'message': message, 'line': line, 'traceback': shown}


def call(module, entry, text):
    """Calls the function with a JSON array of arguments; a text that starts with = is an expression over the program's names."""
    names = module.__dict__
    if text.startswith('='):
        return eval(compile(text[1:], 'test', 'eval', dont_inherit=True), names)
    function = names.get(entry)
    if function is None and 'Solution' in names:
        function = getattr(names['Solution'](), entry)
    if function is None:
        raise NameError(f"name '{entry}' is not defined")
    return function(*rlef_values.from_text(text))


def run(code, job, text, call=call, to_text=rlef_values.to_text):
    """Runs the program once on file descriptors 0 and 1. Returns what is to be reported."""
    for stream, mode in ((0, 'r'), (1, 'w'), (2, 'w')):
        os.lseek(stream, 0, 0)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, 'r', closefd=False)), encoding='utf-8', errors='surrogateescape')
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, 'w', closefd=False)), encoding='utf-8', errors='surrogateescape')
    sys.stderr = io.TextIOWrapper(io.FileIO(2, 'w', closefd=False), encoding='utf-8', errors='backslashreplace', write_through=True)
    sys.stdin.mode, sys.stdout.mode, sys.stderr.mode = 'r', 'w', 'w'
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    sys.argv = [PROGRAM]
    random.seed(0)
    module = types.ModuleType('__main__')
    sys.modules['__main__'] = module
    report = {}
    out = sys.stdout
    try:
        if job['entry'] is not None:
            module.__name__ = 'solution'
        if job['preamble']:
            exec(job['preamble'], module.__dict__)
        exec(code, module.__dict__)
        if job['entry'] is not None:
            if job['setup']:
                exec(job['setup'], module.__dict__)
            report['value'] = to_text(call(module, job['entry'], text))
    except SystemExit as stop:
        if stop.code not in (None, 0):
            report = {'error': 'SystemExit', 'message': str(stop.code)[:1000], 'line': None, 'traceback': f'SystemExit: {str(stop.code)[:1000]}'}
    except BaseException as error:
        report = describe(error, job['program'])
    try:
        # As the interpreter does at its end: programs that replace sys.stdout by a buffer of their own rely on it.
        if sys.stdout is not out and sys.stdout is not None:
            sys.stdout.flush()
        out.flush()
    except BaseException as error:
        if 'error' not in report:
            report = describe(error, job['program'])
    return report


def frame(report, nonce, dumps=json.dumps, pack=struct.pack):
    data = nonce + dumps(report).encode('ascii')
    return pack('<I', len(data)) + data


def child(job, start, count, files, channel, leave=os._exit):
    """Runs tests start .. start + count - 1 and writes one frame for each to the channel; never returns."""
    code_of_failure = FAILED
    try:
        nonce = job['nonce'].encode('ascii')
        source, sink, errors = files
        for at, descriptor in ((20, source), (21, sink), (22, errors), (23, channel)):
            os.dup2(descriptor, at, inheritable=False)
        os.closerange(3, 20)
        os.closerange(24, 64)
        gc.enable()
        seccomp.libc.prctl(1, 9, 0, 0, 0)      # die with the server
        limit(job)
        seccomp.install(job['filter'])
        code, broken = None, None
        try:
            code = compile(job['program'], PROGRAM, 'exec', dont_inherit=True)
        except BaseException as error:
            broken = describe(error, job['program'])
            if isinstance(error, MemoryError) is False:
                broken['compile'] = True
        code_of_failure = 1
        for index in range(start, start + count):
            text = job['inputs'][index]
            for at in (0, 1, 2):               # the program may have closed or replaced them
                os.dup2(20 + at, at, inheritable=False)
                os.ftruncate(at, 0)
            if job['entry'] is None:
                data, at = text.encode('utf-8', 'surrogateescape'), 0
                while at < len(data):
                    at += os.pwrite(0, data[at:at + (1 << 20)], at)
            report = broken or run(code, job, text)
            report['index'] = index
            if count > 1:
                size = os.fstat(21).st_size
                report['out'] = os.pread(21, min(size, job['output'] + 1), 0).decode('utf-8', 'replace')
            data = frame(report, nonce)
            while data:
                data = data[os.write(23, data):]
        leave(0)
    finally:
        leave(code_of_failure)


def new_file():
    return os.memfd_create('t', os.MFD_CLOEXEC)


def read_file(descriptor, cap):
    return os.pread(descriptor, cap, 0)


def run_fork(job, start, count, emit):
    """One fork. Emits the results that came to their end; returns the one that did not, if any: tests after it were not run."""
    files = (new_file(), new_file(), new_file())
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    os.set_blocking(writer, True)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        child(job, start, count, files, writer)
    os.close(writer)
    clock = (~pid << 3) | 2
    watch = select.poll()
    watch.register(reader, select.POLLIN)
    cap = (job['output'] * 2 + 65536) * 3
    buffer, done, last, killed, cpu_before, open_channel = bytearray(), 0, None, None, 0.0, True
    test_began = began
    while done < count and open_channel:
        elapsed = time.monotonic() - test_began
        try:
            used = time.clock_gettime(clock) - cpu_before
        except OSError:
            used = 0.0
        if elapsed >= job['wall']:
            killed = 'wall'
        elif used >= job['cpu']:
            killed = 'cpu'
        if killed:
            break
        if not watch.poll(math.ceil(1000 * max(0.001, min(job['wall'] - elapsed, job['cpu'] - used)))):
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
            now = time.monotonic()
            try:
                cpu = time.clock_gettime(clock)
            except OSError:
                cpu = cpu_before
            last = {'report': bytes(buffer[4:4 + size]).decode('latin-1'), 'cpu': cpu - cpu_before, 'wall': now - test_began}
            del buffer[:4 + size]
            test_began, cpu_before, done = now, cpu, done + 1
            if count > 1:
                emit(last)
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
        last.update(status=status, size=size, out=read_file(files[1], job['output'] + 1).decode('utf-8', 'replace') if count == 1 else '')
    for descriptor in (*files, reader):
        os.close(descriptor)
    if count == 1 and done:
        emit(last)
    return None if done == count else last


def timed_out(result):
    return result.get('killed') in ('cpu', 'wall') or os.WIFSIGNALED(result['status']) and os.WTERMSIG(result['status']) == signal.SIGXCPU


def handle(job, send):
    total, done, results, length = len(job['inputs']), 0, [], 0
    per_program = job['isolation'] == 'program' and total > 1

    def emit(result):
        nonlocal done, results, length
        done += 1
        results.append(result)
        length += len(result['report'] or '') + len(result.get('out', ''))
        if length >= MESSAGE:
            send({'id': job['id'], 'results': results, 'more': True})
            results, length = [], 0

    while done < total:
        job['tests_per_process'] = total - done if per_program else 1
        unfinished = run_fork(job, done, job['tests_per_process'], emit)
        if unfinished is None:
            continue
        late = timed_out(unfinished)
        if per_program and not late:
            per_program = False                 # an anomaly: from here on every test has its own process
            continue
        emit(unfinished)
        if late:
            break
    send({'id': job['id'], 'results': results, 'more': False})


def main():
    source, sink = os.fdopen(os.dup(0), 'rb', buffering=1 << 16), os.dup(1)
    quiet = os.open('/dev/null', os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    seccomp.libc.prctl(4, 0, 0, 0, 0)          # not dumpable: children cannot trace the server
    seccomp.libc.prctl(36, 1, 0, 0, 0)         # orphans come back to the server
    if seccomp.libc.prctl(38, 1, 0, 0, 0) != 0:
        raise OSError('no_new_privs')
    paths = landlock.restrict({'/usr', sys.base_prefix}, ('/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'))
    seccomp.install(seccomp.server_filter(os.getpid()))
    filter = seccomp.child_filter()
    gc.collect()
    gc.disable()
    gc.freeze()

    def send(message):
        data = json.dumps(message).encode('ascii')
        data = struct.pack('<I', len(data)) + data
        while data:
            data = data[os.write(sink, data):]

    send({'ready': True, 'python': sys.version.split()[0], 'landlock': paths})
    while True:
        head = source.read(4)
        if len(head) < 4:
            return
        job = json.loads(source.read(struct.unpack('<I', head)[0]))
        job['filter'] = filter
        handle(job, send)


main()
