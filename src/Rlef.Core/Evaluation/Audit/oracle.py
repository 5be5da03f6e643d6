"""A second opinion on programs, to hold against the judge. It shares nothing with it: it reads the sets by itself, runs programs in a plain interpreter
on this machine, as the sets' own harnesses do, and compares by itself. It has no defence against cheats, and is for mutants of trusted programs only.

    oracle.py SET    reads {"task", "program", "seconds"} a line from standard input, and answers each with {"passed", "why"}

"passed" is null for a task that it does not know, such as all of a Parquet table. Where a set has test code (HumanEval, MBPP), that code runs behind the program, and exit code 0 passes.
For HumanEval+, whose inputs are all that the set gives, test code is made that calls the canonical solution as well.
"""
import gzip
import json
import math
import os
import resource
import subprocess
import sys
import tempfile

sys.set_int_max_str_digits(0)
MEMORY = 4 << 30


def records(path):
    if not os.path.exists(path):
        return                 # the name that shards of tables have in common
    if os.path.isdir(path):
        for name in sorted(os.listdir(path)):
            folder = os.path.join(path, name)
            if os.path.exists(os.path.join(folder, 'question.txt')):
                with open(os.path.join(folder, 'input_output.json'), encoding='utf-8') as file:
                    yield {'problem_id': name, 'input_output': file.read()}
        return
    with open(path, 'rb') as file:
        data = file.read()
    if data[:4] == b'PAR1':
        return
    text = (gzip.decompress(data) if data[:2] == b'\x1f\x8b' else data).decode('utf-8')
    if text.lstrip().startswith('['):
        yield from json.loads(text)
    else:
        yield from (json.loads(line) for line in text.split('\n') if line.strip())


PLUS = """
import copy, json, math
reference = {'__name__': 'reference'}
exec(REFERENCE, reference)

def near(a, b, slack):
    if type(b) in (list, tuple):
        return len(a) == len(b) and all(near(x, y, slack) for x, y in zip(a, b))
    return math.isclose(a, b, rel_tol=1e-7, abs_tol=slack)

def floats(value):
    return type(value) is float or type(value) in (list, tuple) and len(value) > 0 and all(type(item) is float for item in value)

for given in json.loads(INPUTS):
    expected, got = reference[ENTRY](*copy.deepcopy(given)), globals()[ENTRY](*copy.deepcopy(given))
    if ENTRY == 'find_zero':
        assert abs(sum(c * got ** i for i, c in enumerate(given[0]))) <= SLACK
    elif got != expected:
        slack = SLACK or (1e-6 if floats(expected) else 0)
        assert slack and type(got) is type(expected) and near(got, expected, slack), f'{got!r} instead of {expected!r}'
"""


def task_of(record):
    """(name, test code or None, [(input, output)], rule of comparison); None for a record of another layout."""
    if 'plus_input' in record:
        if not record['task_id'].startswith('HumanEval/'):
            return None        # MBPP+ has inputs that JSON does not hold
        constants = {'REFERENCE': record['prompt'] + record['canonical_solution'], 'INPUTS': json.dumps(record['base_input'] + record['plus_input']),
                     'ENTRY': record['entry_point'], 'SLACK': record['atol']}
        return record['task_id'], '\n' + ''.join(f'{name} = {value!r}\n' for name, value in constants.items()) + PLUS, [], ''
    if 'entry_point' in record and 'test' in record:
        return record['task_id'], f"\n{record['test']}\ncheck({record['entry_point']})\n", [], ''
    if 'test_list' in record and 'code' in record:
        tests = [*record.get('test_imports', []), record.get('test_setup_code') or '', *record['test_list'], *record.get('challenge_test_list', [])]
        return str(record['task_id']), '\n' + '\n'.join(tests).replace('\r\n', '\n') + '\n', [], ''
    if 'statement' in record and 'public_tests' in record and 'entry_point' not in record and 'comparison' not in record and 'checker' not in record:
        return record['id'], None, [(t['input'], t['output']) for t in record['public_tests'] + record['private_tests']], 'tokens'
    if 'private_tests' in record and 'description' in record:
        parts = [record.get(name) or {'input': [], 'output': []} for name in ('public_tests', 'private_tests', 'generated_tests')]
        return record['name'], None, [test for part in parts for test in zip(part['input'], part['output'])], 'codecontests'
    if 'input_output' in record and record['input_output']:
        tests = json.loads(record['input_output'])
        if 'fn_name' not in tests:
            join = lambda side: side if isinstance(side, str) else '\n'.join(side) + '\n'
            return str(record['problem_id']), None, [(join(i), join(o)) for i, o in zip(tests['inputs'], tests['outputs'])], 'apps'
    return None


def whole(word):
    return word.lstrip('+-').isdigit()


def words(text, rule):
    """By lines where the set's harness compares lines, empty ones aside."""
    return [line.split() for line in text.split('\n') if line.strip()] if rule == 'apps' else [text.split()]


def same(output, expected, rule):
    left, right = (words(text.lower() if rule == 'codecontests' else text, rule) for text in (output, expected))
    return len(left) == len(right) and all(len(a) == len(b) and all(close(x, y, rule) for x, y in zip(a, b)) for a, b in zip(left, right))


def close(a, b, rule):
    if a == b or rule == 'tokens':
        return a == b
    try:
        if whole(a) and whole(b):
            return int(a) == int(b)
        return math.isclose(float(a), float(b), rel_tol=0, abs_tol=1e-5) if rule == 'codecontests' else math.isclose(float(a), float(b), rel_tol=1e-6, abs_tol=1e-6)
    except ValueError:
        return False


def run(source, given, seconds):
    """Output and None, or None and what went wrong."""
    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as stdin:
        path = os.path.join(folder, 'program.py')
        with open(path, 'w', encoding='utf-8', errors='surrogateescape') as file:
            file.write(source)
        stdin.write(given.encode('utf-8', 'surrogateescape'))
        stdin.seek(0)
        try:
            done = subprocess.run([sys.executable, '-I', path], stdin=stdin, capture_output=True, cwd=folder, preexec_fn=limits, timeout=10 * seconds + 10,
                                  env={'PATH': '/usr/bin:/bin', 'OPENBLAS_NUM_THREADS': '1'}, check=False)
        except subprocess.TimeoutExpired:
            return None, 'out of time'
    if done.returncode < 0:
        return None, 'out of time' if -done.returncode in (9, 24) else f'signal {-done.returncode}'
    if done.returncode > 0:
        last = done.stderr.decode('utf-8', 'replace').strip().split('\n')[-1]
        return None, last[:200]
    return done.stdout.decode('utf-8', 'surrogateescape'), None


def answer(task, program, seconds):
    _, code, tests, rule = task
    if code is not None:
        _, fault = run(program + code, '', 2 * seconds)
        return {'passed': fault is None, 'why': fault or 'the test code ended with exit code 0'}
    for number, (given, expected) in enumerate(tests):
        output, fault = run(program, given, seconds)
        if fault is None and not same(output, expected, rule):
            fault = f'printed {output[:60]!r} instead of {expected[:60]!r}'
        if fault is not None:
            return {'passed': False, 'why': f'test {number}: {fault}'}
    return {'passed': bool(tests), 'why': f'{len(tests)} tests passed'}


def main():
    tasks = {}
    for record in records(sys.argv[1]):
        task = task_of(record)
        if task is not None:
            tasks.setdefault(task[0], task)
    for line in sys.stdin:
        asked = json.loads(line)
        task = tasks.get(asked['task'])
        reply = answer(task, asked['program'], asked['seconds']) if task else {'passed': None, 'why': 'not a task that is known here'}
        print(json.dumps(reply), flush=True)


if __name__ == '__main__':
    main()
