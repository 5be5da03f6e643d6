"""Values as JSON, by content: what crosses the wall between a judged program and the host.

None, bool, int, float, str and list stand for themselves; the rest are objects with one key: __tuple__, __set__ (views of a dict's keys and items too), __dict__
(pairs), __float__ (nan and infinities), __int__ (hexadecimal, where decimal would be slow), __complex__, __bytes__, __deque__, __range__ (length, start, step, as
far as they count), __time__ (what the module datetime has). An object of a class derived from one of these types
crosses by what the type itself holds, whatever its methods say; a Fraction or Decimal as the int or float that it equals, or else as __fraction__ (numerator,
denominator) or __decimal__ (its text, and the same two where they are not too long); a scalar of numpy as its item. Of anything else only the type's name crosses,
as __opaque__, and it equals nothing. Where expected values were recorded, what is very large is recorded and crosses as __digest__, which
equal values share.

Objects of classes that the problem itself gives to programs, and of the program's own of the same names, cross by their attributes, however they are linked: __graph__ holds the value, in which
__object__ is a number, and for each object that it leads to a row of number, class and attributes. Those that came as arguments keep the numbers that they had.
Where a recorded value is an iterator, iterators cross as __iterator__, by their elements.
"""
import collections
import itertools
import json
import math
import sys
import types

try:
    from _sha2 import sha256
except ImportError:
    from _sha256 import sha256

LONG = 8000         # bits
LARGE = 200_000     # elements, or eights of characters
KINDS = {}          # the problem's own classes, by name
OWN = set()         # those of them that the program made anew
ITERATORS = [False]   # whether iterators cross
graphs = []         # the one that is being encoded
met = []            # the objects of those that are being decoded, by number


def encode(value):
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if value.bit_length() <= LONG else {'__int__': hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {'__float__': repr(value)}
    if kind is list:
        return [encode(item) for item in value]
    if kind is tuple:
        return {'__tuple__': [encode(item) for item in value]}
    if kind is dict:
        return {'__dict__': [[encode(k), encode(v)] for k, v in dict.items(value)]}
    if kind is set or kind is frozenset or is_view(kind):
        return {'__set__': sorted((encode(item) for item in value), key=json.dumps)}
    if kind is complex:
        return {'__complex__': [encode(value.real), encode(value.imag)]}
    if kind is bytes or kind is bytearray:
        return {'__bytes__': value.decode('latin-1')}
    if kind is collections.deque:
        return {'__deque__': [encode(item) for item in value]}
    if kind is range:
        return {'__range__': [len(value), *value[:1], *([value.step] if len(value) > 1 else [])]}
    if kind.__module__ == 'datetime' and kind is getattr(sys.modules.get('datetime'), kind.__name__, None) and kind.__name__ in TIMES:
        return {'__time__': [kind.__name__, *TIMES[kind.__name__](value)]}
    for base, plain in PLAIN:
        if issubclass(kind, base):
            return encode(plain(value))
    for module, name in NUMBERS:
        if kind is getattr(sys.modules.get(module), name, None):
            number = equal_number(value)
            return encode(number) if number is not None else EXACT[name](value)
    scalar = getattr(sys.modules.get('numpy'), 'generic', None)
    if scalar is not None and issubclass(kind, scalar):
        plain = scalar.item(value)
        if type(plain) in (bool, int, float, complex, str, bytes):
            return encode(plain)
    if graphs and name_of(kind) is not None:
        return {'__object__': graphs[-1].number(value)}
    if ITERATORS[0] and hasattr(kind, '__next__'):
        items = [*itertools.islice(value, LARGE + 1)]
        if len(items) <= LARGE:
            return {'__iterator__': [encode(item) for item in items]}
    return {'__opaque__': kind.__name__[:100]}


class Graph:
    """Objects by number. The given ones have their numbers already; the others get theirs as they are met."""

    def __init__(self, given):
        self.objects, self.rows, self.waiting = [*given], [], collections.deque()
        self.numbers, self.seen = {id(item): number for number, item in enumerate(given)}, set()

    def number(self, item):
        number = self.numbers.setdefault(id(item), len(self.objects))
        if number == len(self.objects):
            self.objects.append(item)
        if number not in self.seen:
            self.seen.add(number)
            self.waiting.append(number)
        return number


def name_of(kind):
    """Of the problem's class that this is, or is derived from; None for any other."""
    return next((base.__name__ for base in kind.__mro__ if base.__name__ in KINDS), None)


def attributes(item):
    """Those in slots too."""
    for kind in type(item).__mro__:
        slots = kind.__dict__.get('__slots__', ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(item, name):
                yield name, getattr(item, name)
    yield from getattr(item, '__dict__', {}).items()


def made_by(kind):
    """An object as a class of the program's own makes it; None where it asks for more or fewer arguments than one."""
    try:
        return kind(0)
    except Exception:
        return None


def new(kind):
    """An object without the attributes that it gets from outside, but with those that a class of the program's own gives it."""
    made = made_by(kind) if kind in OWN else None
    return object.__new__(kind) if made is None else made


def encode_graph(value, given=()):
    """The value's encoding, and the objects that it leads to by number, the given ones first."""
    graph = Graph(given)
    graphs.append(graph)
    try:
        encoded, rows = encode(value), []
        while graph.waiting:
            number = graph.waiting.popleft()
            item = graph.objects[number]
            rows.append([number, name_of(type(item)), [[name, encode(held)] for name, held in attributes(item)]])
    finally:
        graphs.pop()
    return {'__graph__': [encoded, rows]} if rows else encoded, graph.objects


def decode_graph(content, given=()):
    """The value; objects that are among the given ones are these, with the attributes that they have now."""
    encoded, rows = content
    objects = dict(enumerate(given))
    for number, name, _ in rows:
        if number not in objects:
            objects[number] = new(KINDS[name])
    met.append(objects)
    try:
        for number, _, attributes in rows:
            held = {name: decode(item) for name, item in attributes}
            if number < len(given):
                vars(objects[number]).clear()
            for name, item in held.items():
                object.__setattr__(objects[number], name, item)
        return decode(encoded)
    finally:
        met.pop()


def module(name):
    """The names of a new module, which is found by its own: classes are looked up there when they are pickled or their annotations read."""
    sys.modules[name] = made = types.ModuleType(name)
    return made.__dict__


# What an object of a derived class is as an object of the class itself, by that class's own methods.
PLAIN = (
    (int, int.__int__), (float, float.__float__), (str, str.__str__), (list, lambda value: [*list.__iter__(value)]),
    (tuple, lambda value: (*tuple.__iter__(value),)), (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: {*set.__iter__(value)}), (frozenset, lambda value: {*frozenset.__iter__(value)}),
    (complex, complex.__complex__), (collections.deque, lambda value: collections.deque(collections.deque.__iter__(value))), (bytes, lambda value: bytes.__getitem__(value, slice(None))),
)
NUMBERS = (('fractions', 'Fraction'), ('decimal', 'Decimal'))
EXACT = {
    'Fraction': lambda value: {'__fraction__': [encode(value.numerator), encode(value.denominator)]},
    'Decimal': lambda value: {'__float__': 'nan'} if value.is_nan() else {'__decimal__': [str(value), *ratio(value)]},
}
VIEWS = type({}.keys()), type({}.items()), type(collections.OrderedDict().keys()), type(collections.OrderedDict().items())
TIMES = {
    'date': lambda value: (value.isoformat(),), 'datetime': lambda value: (value.isoformat(),), 'time': lambda value: (value.isoformat(),),
    'timedelta': lambda value: (value.days, value.seconds, value.microseconds),
}


def is_view(kind):
    """Of a dict's keys or items, which equals a set. A class of the program's own may not be hashed or compared."""
    return any(kind is view for view in VIEWS)


def equal_number(value):
    """The int or float that equals the Fraction or Decimal; None where there is none."""
    for number in (int, float):
        try:
            if number(value) == value:
                return number(value)
        except (ArithmeticError, ValueError):
            pass
    return None


def ratio(value):
    """Of a Decimal, encoded; nothing where that would be too long."""
    return [encode(part) for part in value.as_integer_ratio()] if abs(value.adjusted()) <= LONG else []


def decode(value):
    kind = type(value)
    if kind is list:
        return [decode(item) for item in value]
    if kind is not dict:
        return value
    if len(value) == 1:
        (tag, content), = value.items()
        if tag == '__tuple__':
            return tuple(decode(item) for item in content)
        if tag == '__set__':
            return frozenset_or_set(content)
        if tag == '__dict__':
            return {freeze(decode(k)): decode(v) for k, v in content}
        if tag == '__int__':
            return int(content, 16)
        if tag == '__float__':
            return float(content)
        if tag == '__complex__':
            return complex(decode(content[0]), decode(content[1]))
        if tag == '__bytes__':
            return content.encode('latin-1')
        if tag == '__deque__':
            return collections.deque(decode(item) for item in content)
        if tag == '__range__':
            length, start, step = [*content, *(0, 1)[len(content) - 1:]]
            return range(start, start + length * step, step)
        if tag == '__time__':
            import datetime                    # once for all; programs that return times have it
            kind = getattr(datetime, content[0])
            return kind(*content[1:]) if kind is datetime.timedelta else kind.fromisoformat(content[1])
        if tag == '__fraction__':
            import fractions
            return fractions.Fraction(decode(content[0]), decode(content[1]))
        if tag == '__decimal__':
            import decimal
            return decimal.Decimal(content[0])
        if tag == '__graph__':
            return decode_graph(content)
        if tag == '__object__':
            return met[-1][content]
        if tag == '__iterator__':
            return iter([decode(item) for item in content])
        if tag == '__opaque__' or tag == '__digest__':
            return object()
    return {key: decode(item) for key, item in value.items()}


def frozenset_or_set(items):
    """Sets inside sets, or in keys, can only be frozen."""
    return set(freeze(decode(item)) for item in items)


def freeze(value):
    return frozenset(value) if type(value) is set else (*map(freeze, value),) if type(value) is tuple else value


def is_large(value):
    """Decided by what equal values have in common."""
    left, stack = LARGE, [value]
    while stack and left >= 0:
        item = stack.pop()
        kind = type(item)
        if kind in (list, tuple, set, frozenset, collections.deque) or is_view(kind):
            left -= len(item)
            if left >= 0:
                stack.extend(item)
        elif issubclass(kind, dict):
            left -= 2 * dict.__len__(item)
            if left >= 0:
                stack.extend(dict.keys(item))
                stack.extend(dict.values(item))
        elif kind is str or kind is bytes or kind is bytearray:
            left -= len(item) >> 3
        elif kind is int:
            left -= item.bit_length() >> 10
    return left < 0


def digest(value):
    """Piece by piece, since a second copy of the value may not fit into memory."""
    kind = type(value)
    content = sha256()
    for piece in value if kind is list or kind is tuple else [value]:
        text = json.dumps(normal(encode(piece)))
        if '"__opaque__"' in text or '{"__float__": "nan"}' in text:
            return {'__opaque__': kind.__name__[:100]}
        content.update(text.encode('ascii') + b',')
    return {'__digest__': ('tuple ' if kind is tuple else '') + content.hexdigest()}


def normal(value):
    """The one encoding for all values that Python holds equal."""
    kind = type(value)
    if kind is bool or kind is float and value.is_integer():
        return encode(int(value))
    if kind is list:
        return [normal(item) for item in value]
    if kind is not dict:
        return value
    (tag, content), = value.items()
    if tag == '__dict__':
        return {tag: sorted([normal(pair) for pair in content], key=json.dumps)}
    if tag == '__set__':
        return {tag: sorted([normal(item) for item in content], key=json.dumps)}
    if tag == '__complex__' and content[1] == 0:
        return normal(content[0])
    return {tag: normal(content)} if tag in ('__tuple__', '__deque__') else value


def to_text(value, digests=False, given=(), dumps=json.dumps, encode=encode, is_large=is_large, digest=digest):
    """The given objects are those that the arguments led to."""
    if digests and is_large(value):
        return dumps(digest(value))
    return dumps(encode_graph(value, given)[0] if KINDS else encode(value))


def from_text(text, loads=json.loads, decode=decode):
    return decode(loads(text))
