"""How a program ends: what the interpreter does then."""
import _weakref, atexit, gc, sys, types  # noqa: E401
from standard_files import flush, is_open


def exit(status=None, /):
    """sys.exit of versions before 3.12: there the interpreter ends by what it was given, whatever the exception makes of a tuple once it is caught."""
    if isinstance(status, SystemExit):
        raise status
    stop = SystemExit(*(() if status is None else status if isinstance(status, tuple) else (status,)))
    if isinstance(status, tuple):
        stop.__given__ = status
    raise stop


def exit_code(stop):
    """What a process ends with that this exception ends."""
    code = getattr(stop, '__given__', stop.code)
    if not isinstance(code, int):
        return 0 if code is None else 1
    return code & 0xff if -1 << 63 <= code < 1 << 63 else 0xff


def is_forgiven(error, program, own=sys.__excepthook__):
    """What the interpreter does with an exception that nobody caught: it hands it to the program's hook, with the frames from the program's on, and ends
    by the hook's SystemExit. Returns whether that is an end without an error."""
    hook = sys.__dict__.get('excepthook')
    if hook is None or hook is own:
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != program:
        trace = trace.tb_next
    try:
        hook(type(error), error.with_traceback(trace), trace)
    except SystemExit as stop:
        return exit_code(stop) == 0
    except BaseException:
        pass
    return False


class Garbage:
    """Lives until garbage is collected."""
    __slots__ = 'itself', '__weakref__'

    def __init__(self):
        self.itself = self


def end(out, garbage):
    """What the interpreter does at its end, after an error too, in its order: waits for threads, calls what is registered for the exit, flushes the standard
    files, destroys what the program made, which the next test must have the room of. All of it may print, or end the process. Raises what makes the interpreter
    end with an exit code other than 0: files that cannot be flushed. The garbage is a weak reference to some that the program found."""
    threading = sys.modules.get('threading')
    if threading is not None and (threading.active_count() > 1 or threading._threading_atexits):
        try:
            threading._shutdown()
        except BaseException:                  # of a signal's handler
            pass
    if atexit._ncallbacks():
        atexit._run_exitfuncs()
    named, unflushed = sys.__dict__.get, None
    for file in (named('stdout'), named('stderr')):
        try:
            if is_open(file):
                file.flush()
        except BaseException as error:
            unflushed = unflushed or error
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
    if unflushed is not None:
        raise unflushed
