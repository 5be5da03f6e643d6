"""EvalPlus: expected outputs come from running the canonical solution, and are compared as EvalPlus compares them.

Runs in the sandbox, never together with a judged program. Sources: EvalPlus' data (JSON has no tuples, sets or complex numbers, so MBPP+ lists the
tasks whose inputs have them) and its special oracles (set equality, "not None", a root of a polynomial, two readings of a statement).
"""
import copy
import math
import sys
import time
import rlef_values

sys.set_int_max_str_digits(0)

# Shape of the arguments that JSON could not hold, by MBPP's number: for every argument, or by position. One letter a level: t(uple), l(ist), T(uples all the way down).
EVERY = {
    't': (2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809),
    'lt': (63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780),
    'tt': (259, 278, 401, 445),
    'T': (580, 615, 791),
}
FIRST = {'lt': (75, 413, 444, 753), 't': (250, 307, 405, 446, 617, 720, 763, 808)}
SECOND = {'t': (106, 750)}

AS_SETS = {'similar_elements', 'find_char_long', 'common_in_nested_lists', 'extract_singly', 'larg_nnum', 'intersection_array', 'find_dissimilar', 'Diff'}
NOT_NONE = {'check_str', 'text_match_three', 'text_starta_endb'}


def shaped(value, shape):
    if not shape or type(value) is not list:
        return value
    items = [shaped(item, shape if shape == 'T' else shape[1:]) for item in value]
    return items if shape[0] == 'l' else tuple(items)


def arguments(task, given):
    name, _, number = task.partition('/')
    if name != 'Mbpp':
        return given
    number = int(number)
    for shape, tasks in EVERY.items():
        if number in tasks:
            return [shaped(value, shape) for value in given]
    for shape, tasks in FIRST.items():
        if number in tasks:
            return [shaped(given[0], shape), *given[1:]]
    for shape, tasks in SECOND.items():
        if number in tasks:
            return [given[0], shaped(given[1], shape), *given[2:]]
    if number == 115:
        return [[set(item) if type(item) is list and item else {} for item in given[0]]]
    if number == 124:
        return [float(given[0]), complex(given[1])]
    if number == 252:
        return [complex(given[0])]
    if number == 722:
        return [{key: tuple(value) for key, value in given[0].items()}, *given[1:]]
    return given


def record(spec):
    names = rlef_values.module('solution')
    exec(compile(spec['reference'], 'reference', 'exec', dont_inherit=True), names)
    function = names[spec['entry']]
    tests, slowest = [], 0.0
    for given in rlef_values.decode([*spec['base'], *spec['plus']]):
        args = arguments(spec['task'], given)
        key = rlef_values.to_text(args)
        began = time.process_time()
        value = function(*args)
        if spec['task'].startswith('Mbpp/') and spec['entry'] in NOT_NONE:
            value = value is not None
        text = rlef_values.to_text(value, digests=True)
        if '"__opaque__"' in text:
            return f'the reference returns what no program can be compared with: {text[:200]}'
        tests.append([key, text])
        slowest = max(slowest, time.process_time() - began)
    return [len(spec['base']), slowest, tests]


def all_floats(value):
    return type(value) is float or type(value) in (list, tuple) and len(value) > 0 and all(type(item) is float for item in value)


def close(output, expected, tolerance):
    if type(expected) in (list, tuple):
        return type(output) in (list, tuple) and len(output) == len(expected) and all(close(o, e, tolerance) for o, e in zip(output, expected))
    if not isinstance(expected, (int, float, complex)) or not isinstance(output, (int, float, complex)):
        return False
    return output == expected or abs(output - expected) <= tolerance + 1e-7 * abs(expected) < math.inf


def digit_distance(a, b):
    a, b = str(a), str(b)
    width = max(len(a), len(b))
    return sum(abs(int(x) - int(y)) for x, y in zip(a.zfill(width), b.zfill(width)))


def check(input, expected, output):
    entry, tolerance, mbpp = SPEC['entry'], SPEC['atol'], SPEC['task'].startswith('Mbpp/')
    if not mbpp and entry == 'find_zero':
        return abs(sum(c * math.pow(output, i) for i, c in enumerate(input[0]))) <= tolerance
    equal = output == expected
    if mbpp and entry in NOT_NONE:
        equal = expected == (output if type(output) is bool else output is not None)
    elif mbpp and not equal:
        if entry == 'are_equivalent':
            equal = True
        elif entry == 'sum_div':
            equal = output == 0
        elif entry == 'surface_Area':
            edge, height = input
            equal = abs(output - round(edge ** 2 + 2 * edge * math.sqrt((edge / 2) ** 2 + height ** 2))) <= tolerance
        elif entry == 'digit_distance_nums':
            equal = output == digit_distance(*input)
        elif entry in AS_SETS:
            equal = set(output) == set(expected)
    if equal:
        return True
    if tolerance == 0 and all_floats(expected):
        tolerance = 1e-6
    return tolerance != 0 and type(output) is type(expected) and close(output, expected, tolerance)
