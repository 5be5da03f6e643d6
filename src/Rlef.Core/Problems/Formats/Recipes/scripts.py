"""Turns test code into tests, and judges outputs by that code. Runs in the sandbox, never together with a judged program.

Recording plays the set's scripts with its reference and writes down every call of the function: arguments and value make a test. A script may ask
for more or less than that value, say a tolerance or any order. So where a value differs, the scripts are played again with that value in place of
the reference's: they hold, or they do not. Scripts that only assert == need no second play. Scripts that do not hold for the recorded values either look at what
no value shows, such as changed arguments: no output could be judged by them.
"""
import ast
import builtins
import copy
import itertools
import json
import math
import random
import re
import sys
import time
import types
import rlef_values

sys.set_int_max_str_digits(0)
PATIENCE = 5   # seconds; half of what checking an output may take


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
        numpy.allclose, numpy.ndarray, numpy.__getattr__ = allclose, type('ndarray', (), {}), refuse
        return numpy


def refuse(name):
    raise (AttributeError if name[:2] == '__' else ModuleNotFoundError)("No module named 'numpy'")


class Graph:
    """A value that leads to objects of the set's own classes, as it crossed: which objects these are is known once a script has made the arguments."""

    def __init__(self, content):
        self.content = content

    def text(self):
        return json.dumps({'__graph__': self.content})

    def value(self, given):
        return decode_graph(self.content, given)


decode_graph, rlef_values.decode_graph = rlef_values.decode_graph, Graph


class Written(ast.NodeTransformer):
    """Gives each call of the function the text that a program without the script's own names can evaluate, or None where there is none."""

    def __init__(self, spec, known):
        self.spec, self.called, self.known = spec, {spec['entry'], 'candidate'}, known

    def visit_Call(self, node):
        if not (isinstance(node.func, ast.Name) and node.func.id in self.called):
            return self.generic_visit(node)
        text, plain = self.text(node), self.plain(node)
        self.generic_visit(node)
        node.func = ast.Call(ast.Name('__written__', ast.Load()), [node.func, ast.Constant(text), ast.Constant(plain)], [])
        return node

    def plain(self, node):
        """As a statement shows them: name = value, and what trees and lists are made of."""
        value = lambda item: ast.unparse(item.args[0] if isinstance(item, ast.Call) and len(item.args) == 1 else item)
        return ', '.join([*map(value, node.args), *(f'{named.arg} = {value(named.value)}' for named in node.keywords)])

    def text(self, node):
        given = [*node.args, *(named.value for named in node.keywords)]
        inner = [item for argument in given for item in ast.walk(argument)]
        bound = {item.id for item in inner if isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load)} | {item.arg for item in inner if isinstance(item, ast.arg)}
        if any(isinstance(item, ast.Name) and item.id not in self.known and item.id not in bound for item in inner):
            return None
        if self.spec.get('by_position') and all(named.arg for named in node.keywords):
            return ast.unparse(ast.Call(ast.Name(self.spec['entry'], ast.Load()), given, []))
        return ast.unparse(ast.Call(ast.Name(self.spec['entry'], ast.Load()), node.args, node.keywords))


made, compiled = None, {}


def names_of_preamble(spec):
    """Those that the set gives to every program, and that programs find as they find the built-in ones."""
    global made
    if made is None:
        made = rlef_values.module('preamble')
        exec(compile(spec.get('preamble', ''), 'preamble', 'exec', dont_inherit=True), made)
        rlef_values.KINDS.update((name, kind) for name, kind in made.items() if isinstance(kind, type) and kind.__module__ == 'preamble')
    return {name: value for name, value in made.items() if name[:2] != '__'}


def function_of(names, entry):
    """As the judge calls it: a method of a class Solution has a new object each time."""
    if entry not in names and hasattr(names.get('Solution'), entry):
        return lambda *args, **named: getattr(names['Solution'](), entry)(*args, **named)
    return names[entry]


def play(spec, answer):
    """Plays every script; answer(number, key, given, plain, reference) gives the value of a call, where reference() calls the reference with its arguments,
    given are the set's own objects among these, and plain is how they are written."""
    provided = {**vars(builtins), **names_of_preamble(spec)}
    names = rlef_values.module('solution')
    names['__builtins__'] = provided
    exec(compile(spec['reference'], 'reference', 'exec', dont_inherit=True), names)
    entry = spec['entry']
    function = function_of(names, entry)
    scope = {**names, '__builtins__': {**provided, '__import__': import_for_tests}}
    exec(compile(spec['setup'], 'setup', 'exec', dont_inherit=True), scope)
    known = {*scope, *provided}
    for number, script in enumerate(spec['scripts']):

        def candidate(*args, **named):
            return called(None, '', args, named)

        def written(what, text, plain):
            return (lambda *args, **named: called(text, plain, args, named)) if what is candidate else what

        def called(text, plain, args, named):
            if spec.get('by_position'):
                args, named = (*args, *named.values()), {}
            encoded, given = rlef_values.encode_graph([*args])
            key = json.dumps(encoded)
            unwritable = named or '"__opaque__"' in key
            if (unwritable or given) and text is not None:
                # Objects of the program's own classes stay in its process: the call is made there, as it is written in the script.
                key, given = '=' + text, ()
            elif unwritable:
                raise TypeError('a call whose arguments cannot be written down')
            return answer(number, key, given, plain, lambda: function(*args, **named))

        scope[entry], scope['__written__'] = candidate, written
        if number not in compiled:
            compiled[number] = compile(ast.fix_missing_locations(Written(spec, known).visit(ast.parse(script))), 'test', 'exec', dont_inherit=True)
        try:
            exec(compiled[number], scope)
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
    return not any(tag in value for _, value in tests for tag in ('"__opaque__"', '"__graph__"', '"__iterator__"'))


def shown_in(statement, tests, written):
    """The tests whose arguments the statement shows, then the others; and how many are shown: at least one, and not all."""
    def plain(text):
        text = re.sub(r'[ \t]', '', text).replace("'", '"')
        return re.sub(r'\b(?:None|True|False)\b', lambda word: 'null' if word[0] == 'None' else word[0].lower(), text)

    statement = plain(statement)
    shown = [i for i, text in enumerate(written) if re.search(re.escape(plain(text)) + r'(?![\w."])', statement)] or [0]
    shown = shown[:max(1, len(tests) - 1)]
    return [tests[i] for i in [*shown, *(i for i in range(len(tests)) if i not in shown)]], len(shown)


def record(spec):
    tests, texts, keys, raised, first, slowest, drawn = [], [], set(), set(), 0, 0.0, random.getstate()
    rlef_values.ITERATORS[0] = True

    def answer(number, key, given, plain, reference):
        nonlocal first, slowest
        began = time.process_time()
        try:
            value = reference()
        except BaseException:
            raised.add(key)
            raise
        recorded = value
        if hasattr(type(value), '__next__'):
            recorded, value = itertools.tee(value)
        text = rlef_values.to_text(recorded, digests=True, given=given)
        slowest = max(slowest, time.process_time() - began)
        if key not in keys:
            keys.add(key)
            tests.append([key, text])
            texts.append(plain)
            first += number == 0
        return value

    began = time.process_time()
    try:
        play(spec, answer)
    except Exception as error:
        return f'the reference fails the tests of its own set: {error}'
    needed = time.process_time() - began
    random.setstate(drawn)
    if missed := beyond_values(spec, tests, raised):
        return f'its tests ask for more than the value that a call returns, such as what it prints, raises or changes: {str(missed).splitlines()[-1]}'
    public = first if len(spec['scripts']) > 1 else 1
    if 'statement' in spec and tests:
        tests, public = shown_in(spec['statement'], tests, texts)
    plain = equality_decides(spec, tests)
    if not plain and needed > PATIENCE:
        return f'its test code computes for {needed:.0f} seconds, and would again for every output that differs: more than {PATIENCE} are not given.'
    return [public, slowest, tests, plain]


def beyond_values(spec, tests, raised):
    """Why the scripts do not hold where calls do nothing but return what was recorded of them; None where they do."""
    values = dict(tests)

    def answer(number, key, given, plain, reference):
        if key not in values or '"__digest__"' in values[key]:
            return None if key in raised else reference()
        value = rlef_values.from_text(values[key])
        return value.value(given) if type(value) is Graph else value

    try:
        play(spec, answer)
    except Exception as error:
        return error
    return None


def check(input, expected, output):
    wanted = input.text() if type(input) is Graph else input if type(input) is str else rlef_values.to_text(input)
    met = False

    def answer(number, key, given, plain, reference):
        nonlocal met
        if key != wanted:
            return reference()
        met = True
        return output.value(given) if type(output) is Graph else copy.deepcopy(output)

    try:
        play(SPEC, answer)
    except Exception:
        return False
    return met                                 # scripts that never made the call hold without having seen the output
