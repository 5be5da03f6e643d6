"""A program that the zygote runs itself, before it makes any process."""
import marshal, os, sys  # noqa: E401
import standard_files
from namespace import MODULE
from program import PART, compiled, read, run_tests

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
        run_tests(job, start, inputs, *compiled(job), entrance, out, channel, quiet, standard_files.open_anew())
        for file in files:
            os.close(file)
    for at, file in enumerate(standard):
        os.dup2(file, at, inheritable=False)
        os.close(file)
    sys.argv, sys.modules['__main__'] = before
    sys.modules.pop(MODULE, None)
