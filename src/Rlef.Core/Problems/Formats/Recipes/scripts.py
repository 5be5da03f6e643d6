"""Turns test code into tests, and judges outputs by that code. Runs in the sandbox, never together with a judged program.

Recording plays the set's scripts with its reference and writes down every call of the function: arguments and value make a test. A script may ask
for more or less than that value, say a tolerance or any order. So where a value differs, the scripts are played again with that value in place of
the reference's: they hold, or they do not. Scripts that only assert == need no second play.
"""
import ast
import builtins
import copy
import math
import sys
import time
import types
import rlef_values

sys.set_int_max_str_digits(0)


def allclose(a, b, rtol=1e-05, atol=1e-08):
    if isinstance(b, (list, tuple)):
        return isinstance(a, (list, tuple)) and len(a) == len(b) and all(allclose(x, y, rtol, atol) for x, y in zip(a, b))
    return a == b or abs(a - b) <= atol + rtol * abs(b) < math.inf


def import_for_tests(name, *rest):
    """Test code of EvalPlus' tables asks numpy whether numbers are close, and for nothing else. Where there is none, a stand-in answers; to test code alone."""
    try:
        return builtins.__import__(name, *rest)
    except ImportError:
        if name != 'numpy':
            raise
        numpy = types.ModuleType('numpy')
        numpy.allclose, numpy.ndarray = allclose, type('ndarray', (), {})
        return numpy


def play(spec, answer):
    """Plays every script; answer(number, key, reference) gives the value of a call, where reference() calls the reference with its arguments."""
    names = {'__name__': 'solution'}
    exec(compile(spec['reference'], 'reference', 'exec', dont_inherit=True), names)
    entry = spec['entry']
    function = names[entry]
    scope = {**names, '__builtins__': {**vars(builtins), '__import__': import_for_tests}}
    exec(compile(spec['setup'], 'setup', 'exec', dont_inherit=True), scope)
    for number, script in enumerate(spec['scripts']):
        tree = ast.parse(script)
        written = (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == entry)

        def candidate(*args, **named):
            key, expression = rlef_values.to_text(list(args)), next(written, None)
            if named or '"__opaque__"' in key:
                # Objects of the program's own classes stay in its process: the call is made there, as it is written in the script.
                if expression is None:
                    raise TypeError('a call whose arguments cannot be written down')
                key = '=' + expression
            return answer(number, key, lambda: function(*args, **named))

        scope[entry] = candidate
        try:
            exec(compile(tree, 'test', 'exec', dont_inherit=True), scope)
        except BaseException as error:
            shown = script if len(script) < 200 else f'test code {number + 1}'
            raise AssertionError(f'{shown.strip()}: {type(error).__name__} {error}'.strip())


def equality_decides(spec, tests):
    """Whether the scripts hold for every value that is equal to the reference's, and for no other: the function is called to assert == and for nothing
    else."""
    names = {spec['entry'], 'candidate'}
    named = lambda node: sum(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))
    for script in spec['scripts']:
        tree = ast.parse(script)
        uses = named(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Try):
                return False
            if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and isinstance(node.test.left, ast.Call) and len(node.test.ops) == 1:
                called = node.test.left.func
                uses -= isinstance(node.test.ops[0], ast.Eq) and isinstance(called, ast.Name) and called.id in names and named(node.test) == 1
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'check':
                uses -= sum(map(named, node.args))
        if uses:
            return False
    return not any('"__opaque__"' in value for _, value in tests)


def record(spec):
    tests, keys, first, slowest = [], set(), 0, 0.0

    def answer(number, key, reference):
        nonlocal first, slowest
        began = time.process_time()
        value = reference()
        slowest = max(slowest, time.process_time() - began)
        if key not in keys:
            keys.add(key)
            tests.append([key, rlef_values.to_text(value, digests=True)])
            first += number == 0
        return value

    try:
        play(spec, answer)
    except Exception as error:
        return f'the reference fails the tests of its own set: {error}'
    return [first if len(spec['scripts']) > 1 else 1, slowest, tests, equality_decides(spec, tests)]


def check(input, expected, output):
    wanted = input if type(input) is str else rlef_values.to_text(input)
    met = False

    def answer(number, key, reference):
        nonlocal met
        if key != wanted:
            return reference()
        met = True
        return copy.deepcopy(output)

    try:
        play(SPEC, answer)
    except Exception:
        return False
    return met                                 # scripts that never made the call hold without having seen the output
