"""Plays a Kattis output validator, which wants files and an exit code: 42 accepts, 43 rejects. One that ends the process says the same by it. Its files lie in the checker's folder."""
import os
import sys


def check(input, expected, output):
    os.mkdir('feedback')
    for name, text in (('input', input), ('answer', expected)):
        with open(name, 'w', encoding='utf-8', newline='') as file:
            file.write(text)
    judged = os.memfd_create('output')
    with open(judged, 'w', encoding='utf-8', errors='replace', newline='', closefd=False) as file:
        file.write(output)
    os.lseek(judged, 0, os.SEEK_SET)
    os.dup2(judged, 0)
    os.close(judged)
    sys.argv = ['validator', *map(os.path.abspath, ('input', 'answer')), os.path.abspath('feedback') + '/', *FLAGS]
    sys.stdin = open(0, encoding='utf-8', closefd=False)
    sys.stdout = sys.stderr = open(os.devnull, 'w')
    code = 0
    try:
        exec(compile(VALIDATOR, 'validator', 'exec', dont_inherit=True), {'__name__': '__main__', '__file__': 'validator'})
    except SystemExit as end:
        code = end.code
    if code not in (42, 43):
        raise ValueError(f'the validator ended with {code}, which is neither 42 nor 43')
    return code == 42
