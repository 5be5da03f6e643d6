"""The standard files of a program: made anew for each test, and flushed as by an interpreter that ends."""
import ctypes, io, sys  # noqa: E401


def open_anew(errors=None):
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


def is_open(file):
    try:
        return file is not None and not file.closed
    except Exception:
        return True                            # no file, or one without its buffer: flushing tells


def flush(file, c_files=ctypes.CDLL(None).fflush):
    """As when it is destroyed: what cannot be written is lost. Then what the program printed by the C library."""
    try:
        file.flush()
    except Exception:
        pass
    c_files(None)
