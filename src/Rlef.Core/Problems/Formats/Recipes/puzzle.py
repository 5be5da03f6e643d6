"""Judges an answer to a puzzle of Python Programming Puzzles: it must be of the right type, and sat must return True of it. Runs in the sandbox, never together
with a judged program; the answer crossed by content, so that it has no methods of its own."""

KINDS = {'int': int, 'str': str, 'float': float, 'bool': bool}


def is_of(value, kind):
    if kind.startswith('List['):
        return type(value) is list and all(is_of(item, kind[5:-1]) for item in value)
    return type(value) is KINDS[kind]


def check(input, expected, output):
    if not is_of(output, SPEC['type']):
        return False
    names = {'__name__': 'puzzle'}
    exec(compile(SPEC['sat'], 'sat', 'exec', dont_inherit=True), names)
    return names['sat'](output) is True
