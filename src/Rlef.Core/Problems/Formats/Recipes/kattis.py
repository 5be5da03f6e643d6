"""Plays a Kattis output validator, which wants files and an exit code, where there are no files: 42 accepts, 43 rejects."""
import builtins
import io
import sys


class Kept(io.StringIO):
    """A feedback file; nobody reads it."""

    def close(self):
        pass


def check(input, expected, output):
    files = {'/input': input, '/answer': expected}

    def open_kept(file, mode='r', *rest, **named):
        if file in files:
            return io.BytesIO(files[file].encode()) if 'b' in mode else io.StringIO(files[file])
        if str(file).startswith('/feedback/'):
            return io.BytesIO() if 'b' in mode else Kept()
        if file == 0:
            return sys.stdin
        raise FileNotFoundError(file)

    builtins.open = io.open = open_kept
    sys.argv = ['validator', '/input', '/answer', '/feedback/', *FLAGS]
    sys.stdin = io.TextIOWrapper(io.BytesIO(output.encode('utf-8', 'replace')), encoding='utf-8')
    sys.stdout = sys.stderr = io.StringIO()
    code = 0
    try:
        exec(compile(VALIDATOR, 'validator', 'exec', dont_inherit=True), {'__name__': '__main__', '__file__': 'validator'})
    except SystemExit as end:
        code = end.code
    if code not in (42, 43):
        raise ValueError(f'the validator ended with {code}, which is neither 42 nor 43')
    return code == 42
