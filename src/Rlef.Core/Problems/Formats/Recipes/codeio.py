"""Makes tests by a reference and a generator of its inputs, as CodeI/O has them, and compares values as JSON. Runs in the sandbox, never together with a judged
program."""
import inspect
import io
import json
import math
import random
import sys
import time
import rlef_values

ENTRY, GENERATOR = 'main_solution', 'generate_inputs'


def loaded(spec):
    """The names of reference and generator, anew. Generators name Random without importing it."""
    names = rlef_values.module('solution')
    names['Random'] = random.Random
    exec(compile(spec['reference'] + '\n\n' + spec['generator'], 'reference', 'exec', dont_inherit=True), names)
    return names


def through_json(value):
    return json.loads(json.dumps(value))


def seed(number):
    random.seed(number)
    if numpy := sys.modules.get('numpy'):
        numpy.random.seed(number)


def called(function, given):
    """The call as a test's input: the arguments in the function's own order, or where some can only be named, as an expression."""
    bound = inspect.signature(function).bind(**given)
    text = f'{ENTRY}({", ".join(f"{name}={value!r}" for name, value in given.items())})'
    return ('=' + text, text) if bound.kwargs else (rlef_values.to_text(list(bound.args)), f'{ENTRY}({", ".join(map(repr, bound.args))})')


def record(spec):
    sys.stdout = sys.stderr = io.StringIO()    # some references print
    try:
        names = loaded(spec)
    except ModuleNotFoundError as error:
        return f'the reference imports {error.name}, which programs are not offered here: see --python-packages.'
    except Exception as error:
        return f'the reference cannot be loaded: {type(error).__name__} {error}'
    for name, field in ((ENTRY, 'code_sample'), (GENERATOR, 'input_generator')):
        if not callable(names.get(name)):
            return f'{field} defines no function {name}.'
    tests, keys, slowest, first, failure = [], set(), 0.0, None, None
    for number in range(spec['seeds']):
        seed(number)
        try:
            given = through_json(names[GENERATOR](random.Random(number)))
            key, text = called(names[ENTRY], given)
        except Exception as error:
            return f'the generator gives no inputs for the reference: {type(error).__name__} {error}'
        values = []
        # Anew, with other random numbers, and in the process that made those before: what is judged must be the same each time.
        for scope, start in ((loaded(spec), 1), (loaded(spec), 2), (names, 3)):
            seed(start)
            began = time.process_time()
            try:
                value = scope[ENTRY](**through_json(given))
            except Exception as error:
                failure = f'{type(error).__name__} {error}'
                break
            slowest = max(slowest, time.process_time() - began)
            try:
                values.append(json.dumps(value, allow_nan=False))
            except (TypeError, ValueError) as error:
                return f'the reference returns what JSON does not hold: {error}'
        if len(values) < 3:
            continue
        if values[0] != values[1]:
            return 'the reference gives another value each time.'
        if values[0] != values[2]:
            return 'the value of the reference depends on the calls before.'
        if key not in keys:
            keys.add(key)
            tests.append([key, rlef_values.to_text(json.loads(values[0]), digests=True)])
            first = first or f'{text} returns {values[0]}'
    if not tests:
        return f'the reference fails on all inputs of its own generator: {failure}'
    shown = '' if len(first) > spec['longest'] else f'\nFor example, {first}.\n'
    return [1, slowest, tests, False, shown]


def same(output, expected):
    """As JSON: a tuple is a list, and keys are texts. Numbers that are not both whole may differ by a millionth."""
    if expected is None or isinstance(expected, str):
        return type(output) is type(expected) and output == expected
    if isinstance(expected, (int, float)):
        if not isinstance(output, (int, float)):
            return False
        return output == expected or not (isinstance(output, int) and isinstance(expected, int)) and math.isclose(output, expected, rel_tol=1e-6, abs_tol=1e-6)
    if isinstance(expected, list):
        return isinstance(output, (list, tuple)) and len(output) == len(expected) and all(map(same, output, expected))
    if not isinstance(output, dict) or len(output) != len(expected):
        return False
    named = {key if isinstance(key, str) else json.dumps(key): value for key, value in output.items()}
    return named.keys() == expected.keys() and all(same(named[key], expected[key]) for key in expected)


def check(input, expected, output):
    try:
        return same(output, expected)
    except (TypeError, ValueError, OverflowError):
        return False
