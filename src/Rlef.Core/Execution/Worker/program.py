"""One program in a fork of the zygote: its tests, one after the other, and a report on each. Nothing here is trusted once the program has begun."""
import _thread, _weakref, atexit, builtins, ctypes, gc, io, json, linecache, marshal, math, os, random, resource, struct, sys, types  # noqa: E401
import box
import rlef_values
import seccomp

FAILED = 113   # exit code of a child whose own set-up failed
PROGRAM, MODULE, PREAMBLE = 'solution.py', 'solution', 'preamble'
DEPTH, DEEPEST = 4000, (1 << 31) - 1   # levels that a conversion of values is given beside those of the program, and the most that Python takes
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
    longest = max(job['output'], *map(len, inputs))   # standard input is a file too
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


def method(names, entry):
    """What a call goes to: a function, or the class Solution whose method it is. An entry of the form Class.method goes to the class if there is one, any
    other to the function. None where the program has neither."""
    owner, _, name = entry.rpartition('.')
    function, kind = names.get(name), names.get(owner or 'Solution')
    return kind if kind is not None and hasattr(kind, name) and (owner or function is None) else function


def call(names, entry, text):
    """Calls the function with a JSON array of arguments; a text that starts with = is an expression over the program's names. Returns the value, and the
    problem's own objects among the arguments."""
    name, function = entry.rpartition('.')[2], method(names, entry)
    if isinstance(function, type) and function is not names.get(name):
        function = getattr(function(), name)
    if text.startswith('='):
        code = compile(text[1:], 'test', 'eval', dont_inherit=True)
        return eval(code, names if names.get(name) is function else {**names, name: function}), ()
    arguments = deeply(rlef_values.from_text, text)
    given = rlef_values.encode_graph(arguments)[1] if rlef_values.KINDS else ()
    return function(*arguments), given


def deeply(convert, *given):
    """What is converted may nest as deeply as the program itself may go, and the conversion goes several levels for each of its."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(min(4 * limit + DEPTH, DEEPEST))
    try:
        return convert(*given)
    finally:
        sys.setrecursionlimit(limit)


def open_standard_files(errors=None):
    """For another test. What programs write to standard error nobody reads, so that its file can be the one of the test before."""
    sys.stdin = io.TextIOWrapper(io.BufferedReader(descriptor(0, 'r', '<stdin>')), encoding='utf-8', errors='surrogateescape', newline='\n')
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(descriptor(1, 'w', '<stdout>')), encoding='utf-8', errors='surrogateescape')
    sys.stderr = errors if can_be_written(errors) else io.TextIOWrapper(descriptor(2, 'w', '<stderr>'), encoding='utf-8', errors='backslashreplace', write_through=True)
    sys.stdin.mode, sys.stdout.mode, sys.stderr.mode = 'r', 'w', 'w'
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = files = sys.stdin, sys.stdout, sys.stderr
    return files


def descriptor(number, mode, name):
    file = io.FileIO(number, mode, closefd=False)
    file.name = name
    return file


def can_be_written(errors):
    try:
        return errors is not None and not errors.closed and errors.errors == 'backslashreplace' and errors.encoding == 'utf-8'
    except Exception:
        return False                           # detached


def are_in_use(files):
    try:
        return sys.stdin is files[0] and sys.stdout is files[1] and sys.stderr is files[2] and not any(file.closed for file in files)
    except Exception:
        return False                           # detached or deleted


class Builtins(types.ModuleType):
    """The module builtins, where there is a preamble: it holds what Python does, and what the program changes there is changed among the names that it finds."""
    names = {}

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        self.names[name] = value

    def __delattr__(self, name):
        super().__delattr__(name)
        self.names.pop(name, None)


def with_names_of(preamble):
    """The built-in names and those that the preamble makes. The program's own names come before them, and none of them is its own."""
    made, both = types.ModuleType(PREAMBLE), types.ModuleType('builtins')
    sys.modules[PREAMBLE], sys.modules['builtins'] = made, builtins
    exec(preamble, made.__dict__)
    rlef_values.KINDS.update((name, kind) for name, kind in made.__dict__.items() if isinstance(kind, type) and kind.__module__ == PREAMBLE)
    both.__dict__.update(builtins.__dict__)
    both.__dict__.update((name, value) for name, value in made.__dict__.items() if name[:2] != '__')
    Builtins.names = both.__dict__
    sys.modules['builtins'] = changeable = Builtins('builtins')
    changeable.__dict__.update(builtins.__dict__)
    return both


def adopt(names):
    """A class of the problem's own that the program makes anew takes its place, as where both stand in one text: arguments are of it. One that cannot be
    called as the sets call theirs, with one argument, is the program's alone."""
    for name in rlef_values.KINDS:
        own = names.get(name)
        if isinstance(own, type) and rlef_values.made_by(own) is not None:
            rlef_values.KINDS[name] = sys.modules[PREAMBLE].__dict__[name] = own
            rlef_values.OWN.add(own)


def execute(code, job):
    """The program's names, once it ran: as the main module, or for calls of its function as one that is imported."""
    module = types.ModuleType('__main__' if job['entry'] is None else MODULE)
    sys.modules['__main__'] = sys.modules[module.__name__] = module
    names = module.__dict__
    names['__file__'] = PROGRAM
    names['__builtins__'] = with_names_of(job['preamble']) if job['preamble'] else builtins
    exec(code, names)
    if rlef_values.KINDS:
        adopt(names)
    if job['entry'] is not None:
        if method(names, job['entry']) is None:
            raise NameError(f"name '{job['entry'].rpartition('.')[2]}' is not defined")
        if job['setup']:
            exec(job['setup'], names)
    return names


def exit(status=None, /):
    """sys.exit of versions before 3.12: there the interpreter ends by what it was given, whatever the exception makes of a tuple once it is caught."""
    if isinstance(status, SystemExit):
        raise status
    stop = SystemExit(*(() if status is None else status if isinstance(status, tuple) else (status,)))
    stop.__given__ = status
    raise stop


def exit_code(stop):
    """What a process ends with that this exception ends."""
    code = getattr(stop, '__given__', stop.code)
    if not isinstance(code, int):
        return 0 if code is None else 1
    return code & 0xff if -1 << 63 <= code < 1 << 63 else 0xff


def is_open(file):
    try:
        return file is not None and not file.closed
    except Exception:
        return True                            # no file, or one without its buffer: flushing tells


class Garbage:
    """Lives until garbage is collected."""
    __slots__ = 'itself', '__weakref__'

    def __init__(self):
        self.itself = self


def end(out, garbage):
    """What the interpreter does at its end, in its order: waits for threads, calls what is registered for the exit, flushes the standard files, destroys
    what the program made. All of it may print. Raises what makes the interpreter end with an exit code other than 0: files that cannot be flushed.
    The garbage is a weak reference to some that the program found."""
    threading = sys.modules.get('threading')
    if threading is not None and (threading.active_count() > 1 or threading._threading_atexits):
        threading._shutdown()
    if atexit._ncallbacks():
        atexit._run_exitfuncs()
    named = sys.__dict__.get
    for file in (named('stdout'), named('stderr')):
        if is_open(file):
            file.flush()
    sys.stdin, sys.stdout, sys.stderr = named('__stdin__'), named('__stdout__'), named('__stderr__')
    file = None
    main = sys.modules.pop('__main__', None)
    left = _weakref.ref(main) if type(main) is types.ModuleType else lambda: None
    del main
    gc.collect(2 if garbage() is None else 0)  # where none was collected so far, all that the program made is young
    main = left()
    if main is not None:
        main.__dict__.clear()
    flush(out)


def discard(out):
    """What the program made and left, after an error: no part of the next test, which must have the room. What it prints as it goes is this test's."""
    main = sys.modules.pop('__main__', None)
    if type(main) is types.ModuleType:
        main.__dict__.clear()
    del main
    gc.collect()
    atexit._clear()
    flush(out)


def next_descriptor(file):
    """The lowest that is free."""
    free = os.dup(file)
    os.close(free)
    return free


def flush(file, c_files=ctypes.CDLL(None).fflush):
    """As when it is destroyed: what cannot be written is lost. Then what the program printed by the C library."""
    try:
        file.flush()
    except Exception:
        pass
    c_files(None)


def returned(to_text, value, digests, given, dumps=json.dumps):
    """The value's text. One that holds itself equals nothing that a test could expect."""
    try:
        return deeply(to_text, value, digests, given)
    except RecursionError:
        return dumps({'__opaque__': type(value).__name__[:100]})


def run(code, job, text, kept, to_text=rlef_values.to_text, end=end, describe=describe):
    """Runs the program on its standard files, or one call of its function. Returns what is to be reported. As in the sets' own harnesses, the
    program is loaded once for all calls of its function: its names are kept from then on."""
    report = {}
    sys.argv = [PROGRAM]
    seed()
    out, garbage = sys.stdout, _weakref.ref(Garbage())
    try:
        if job['entry'] is None:
            execute(code, job)
        else:
            if 'names' not in kept:
                kept['names'] = execute(code, job)
            value, given = call(kept['names'], job['entry'], text.decode())
            report['value'] = returned(to_text, value, job.get('digests'), given)[:job['output'] + 1]
    except SystemExit as stop:
        if exit_code(stop) != 0:
            report = {'error': 'SystemExit', 'message': str(stop.code)[:1000], 'line': None, 'traceback': f'SystemExit: {str(stop.code)[:1000]}'}
    except BaseException as error:
        report = describe(error, job['program'])
    try:
        if 'error' in report or job['entry'] is not None:
            flush(out)
        else:
            end(out, garbage)
    except BaseException as error:
        report = describe(error, job['program'])
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
    linecache.cache[PROGRAM] = (job['program'].__str__,)
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
    for index, text in enumerate(inputs, start):
        if index > start:
            box.enter()
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
        if index > start and (job['entry'] is None or not are_in_use(files)):
            files = open_standard_files(files[2])
        report = broken or run(code, job, text, kept)
        report['index'] = index
        if job['entry'] is None:
            if 'error' in report and broken is None:
                discard(files[1])
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


REHEARSAL = """
from typing import List
def f(values: List[int], *rest) -> List[int]:
    best, text = [], ''
    for i in range(len(values)):
        if i % 2 == 0 and values[i] > 0:
            best.append(values[i] * 2)
        elif not text:
            text += f'{i} ' + str(i).strip()
    while len(best) > 2:
        best = sorted(set(best), key=lambda x: -x)[1:]
    try:
        return best + [int(x) for x in text.split()]
    except ValueError as error:
        raise TypeError from error
if __name__ == '__main__':
    print(f(list(map(int, input().split()))))
"""


def rehearse(quiet):
    """Does in the zygote what every process does: its caches are filled then, and its code is specialised, in memory that all processes share.
    The standard files are left to be opened."""
    before = sys.argv, sys.modules['__main__']
    standard = [os.dup(at) for at in (0, 1, 2)]
    for entry, text in ((None, b'1 2 3\n'), ('f', b'[[1, 2, 3], "rest"]')):
        texts = [text] * 64
        job = {'nonce': '', 'program': REHEARSAL, 'entry': entry, 'preamble': None, 'setup': None, 'output': 100, 'input_file': None, 'output_file': None, 'inputs': [len(text) for text in texts]}
        given, entrance, out, channel = files = [os.memfd_create('t') for _ in range(4)]
        data = marshal.dumps(job)
        os.write(given, PART.pack(len(data), 0, len(texts)) + data + b''.join(texts))
        job, start, inputs = read(given)
        run_tests(job, start, inputs, *compiled(job), entrance, out, channel, quiet, open_standard_files())
        for file in files:
            os.close(file)
    for at, file in enumerate(standard):
        os.dup2(file, at, inheritable=False)
        os.close(file)
    sys.argv, sys.modules['__main__'] = before
    sys.modules.pop(MODULE, None)
