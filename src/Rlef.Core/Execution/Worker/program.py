"""One program in a fork of the zygote: its tests, one after the other, and a report on each. Nothing here is trusted once the program has begun."""
import _thread, _weakref, ctypes, gc, json, linecache, marshal, math, os, random, resource, struct, sys  # noqa: E401
import box
import ending
import own_modules
import rlef_values
import seccomp
import standard_files
from namespace import MODULE, PATH, PROGRAM, call, deeply, execute

FAILED = 113   # exit code of a child whose own set-up failed
FILE = 1 << 19   # bytes that a file of a program's own may have in any case
PART, PID = struct.Struct('<III'), struct.Struct('<I')   # head of a job's file: length of the job, its first test, number of tests; head of a channel


def set_limits(limits, set_limit=resource.setrlimit):
    for what, value in limits:
        try:
            if value is not None:
                set_limit(what, (value, value))
        except (OSError, ValueError):
            pass                               # gVisor lacks some of these; the filter forbids what they would limit


def limit_for_good(threads):
    """Of the zygote, and so of every process that it makes."""
    set_limits(((resource.RLIMIT_NPROC, threads), (resource.RLIMIT_NOFILE, 32), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_MSGQUEUE, 0), (resource.RLIMIT_MEMLOCK, 0)))


def limit(job, inputs, room):
    set_limit = resource.setrlimit
    longest = max(FILE, job['output'], *map(len, inputs))   # standard input and output are files too
    for what, value in ((resource.RLIMIT_AS, job['memory'] + room), (resource.RLIMIT_CPU, math.ceil(job['cpu'] * len(inputs)) + 1), (resource.RLIMIT_FSIZE, longest + 1)):
        set_limit(what, (value, value))
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = job['stack'] if most == resource.RLIM_INFINITY else min(job['stack'], most)
    set_limit(resource.RLIMIT_STACK, (stack, most))   # programs may ask for more: the address space bounds it too


def state_of_random():
    """A view of what every draw of the module random changes: how far its generator is, and the first words of its state. To compare it costs a tenth of to seed
    the generator. None for a Python that keeps them elsewhere."""
    view = (ctypes.c_uint32 * 4).from_address(id(random._inst) + object.__basicsize__)
    random.seed(0)
    seeded = bytes(view)
    random.random()
    drawn = bytes(view)
    random.seed(0)
    return view if seeded == bytes(view) != drawn else None


random_state = state_of_random()
seeded_state = random_state and bytes(random_state)


def seed():
    """What programs draw is the same each time."""
    if random_state is None or bytes(random_state) != seeded_state:
        random.seed(0)


def describe(error, source):
    """The exception as Python would print it, without the frames of this file."""
    line, frames, trace = None, [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PROGRAM:
            line = trace.tb_lineno
            frames.append((line, trace.tb_frame.f_code.co_name))
        trace = trace.tb_next
    lines = source.split('\n')
    text = lambda n: lines[n - 1].strip()[:1000] if n and 0 < n <= len(lines) else ''
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


def next_descriptor(file):
    """The lowest that is free."""
    free = os.dup(file)
    os.close(free)
    return free


def returned(to_text, value, digests, given, dumps=json.dumps):
    """The value's text. One that holds itself equals nothing that a test could expect."""
    try:
        return deeply(to_text, value, digests, given)
    except RecursionError:
        return dumps({'__opaque__': type(value).__name__[:100]})


def run(code, job, text, kept, to_text=rlef_values.to_text, end=ending.end, describe=describe):
    """Runs the program on its standard files, or one call of its function. Returns what is to be reported. As in the sets' own harnesses, the
    program is loaded once for all calls of its function: its names are kept from then on."""
    report = {}
    sys.argv = [PROGRAM]
    seed()
    out, garbage = sys.stdout, _weakref.ref(ending.Garbage())
    try:
        if job['entry'] is None:
            execute(code, job)
        else:
            if 'names' not in kept:
                kept['names'] = execute(code, job)
            value, given = call(kept['names'], job['entry'], text.decode())
            report['value'] = returned(to_text, value, job.get('digests'), given)[:job['output'] + 1]
    except SystemExit as stop:
        if ending.exit_code(stop) != 0:
            report = {'error': 'SystemExit', 'message': str(stop.code)[:1000], 'line': None, 'traceback': f'SystemExit: {str(stop.code)[:1000]}'}
    except BaseException as error:
        report = describe(error, job['program'])
        if job['entry'] is None and ending.is_forgiven(error, PROGRAM):
            report = {}
    try:
        if job['entry'] is None:
            end(out, garbage)
        else:
            standard_files.flush(out)
    except BaseException as error:
        report = report if 'error' in report else describe(error, job['program'])
    return report


def frame(report, nonce, dumps=json.dumps, pack=struct.pack):
    data = nonce + dumps(report).encode('ascii')
    return pack('<I', len(data)) + data


def read(given):
    """The job of this process, the number of its first test, and the inputs."""
    data = memoryview(os.pread(given, os.lseek(given, 0, os.SEEK_END), 0))
    length, start, count = PART.unpack_from(data)
    at = PART.size + length
    job, inputs = marshal.loads(data[PART.size:at]), []
    for size in job['inputs'][start:start + count]:
        inputs.append(bytes(data[at:at + size]))
        at += size
    return job, start, inputs


def compiled(job):
    """The program's code, or else the report on it. Who asks for its lines finds them."""
    if job['entry'] is None:
        job['program'] = job['program'].removeprefix('\ufeff')   # editors put it before files; the sets' harnesses run functions from a text, where it is an error
    linecache.cache[PROGRAM] = linecache.cache[PATH] = (job['program'].__str__,)
    try:
        return compile(job['program'], PROGRAM, 'exec', dont_inherit=True), None
    except BaseException as error:
        broken = describe(error, job['program'])
        if isinstance(error, MemoryError) is False:
            broken['compile'] = True
        return None, broken


def run_tests(job, start, inputs, code, broken, entrance, out, channel, quiet, files, leave=os._exit, modules=sys.modules, count_threads=_thread._count):
    """Writes one frame for each test to the channel. The standard files are those of the first test, and of calls of a function as long as they last."""
    nonce, kept, free = job['nonce'].encode('ascii'), {}, next_descriptor(channel)
    own_modules.itself[MODULE] = itself = job['program'].encode('utf-8', 'surrogatepass')
    reads_itself = any(name in job['program'] for name in ('__file__', 'argv', PROGRAM))   # or may; to write its file costs as much as a short test
    for index, text in enumerate(inputs, start):
        if index > start:
            box.enter()
            if job['entry'] is None:
                own_modules.forget()
        for at, file in enumerate((entrance, out, quiet)):   # the program may have closed or replaced them
            os.dup2(file, at, inheritable=False)
            if os.lseek(file, 0, os.SEEK_END):
                os.ftruncate(file, 0)
                os.lseek(file, 0, 0)
        if job['entry'] is None:
            at = 0
            while at < len(text):
                at += os.pwrite(entrance, text[at:at + (1 << 20)], at)
            if job['input_file']:
                box.put(job['input_file'], text)
        if reads_itself:
            box.put(PROGRAM, itself)
        if index > start and (job['entry'] is None or not standard_files.are_in_use(files)):
            files = standard_files.open_anew(files[2])
        report = broken or run(code, job, text, kept)
        report['index'] = index
        if job['entry'] is None:
            gc.freeze()                        # what is left is no part of the next test
        if job['output_file'] and len(inputs) > 1 and 'error' not in report:
            box.take(job['output_file'], out, job['output'] + 1)
        if len(inputs) > 1 and (size := os.lseek(out, 0, os.SEEK_END)) > 0:
            report['out'] = os.pread(out, min(size, job['output'] + 1), 0).decode('utf-8', 'replace')
        data = frame(report, nonce)
        try:
            while data:
                data = data[os.write(channel, data):]
        except OSError:                        # the program closed all files: its exit code is left to tell how it ended
            leave(1 if 'error' in report or job['entry'] is not None else 0)
        if count_threads() > 0 or 'threading' in modules and not modules['threading'].main_thread().is_alive():
            leave(1)                           # threads end once: the tests that are left get processes of their own
        if job['entry'] is None and index + 1 < start + len(inputs) and next_descriptor(channel) != free:
            leave(1)                           # likewise where files are left open, of which a process may have few


def child(given, out, channel, entrance, quiet, files, filter, room, leave=os._exit):
    """Runs the tests of the given job; never returns. The room is what lay in the address space beforehand and is no part of its limit."""
    code_of_failure = FAILED
    try:
        os.write(channel, PID.pack(os.getpid()))
        os.dup2(quiet, 2)                      # the compiler's warnings are not for the host
        job, start, inputs = read(given)
        os.close(given)
        gc.enable()
        limit(job, inputs, room)
        seccomp.install(filter)
        rlef_values.ITERATORS[0] = job['iterators']
        code, broken = compiled(job)
        code_of_failure = 1
        run_tests(job, start, inputs, code, broken, entrance, out, channel, quiet, files)
        leave(0)
    finally:
        leave(code_of_failure)
