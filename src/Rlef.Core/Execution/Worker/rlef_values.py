"""Values as JSON, by content: what crosses the wall between a judged program and the host.

None, bool, int, float, str and list stand for themselves; the rest are objects with one key: __tuple__, __set__, __dict__ (pairs), __float__
(nan and infinities), __int__ (hexadecimal, where decimal would be slow), __complex__, __bytes__. An object of a class derived from one of these types
crosses by what the type itself holds, whatever its methods say; a Fraction or Decimal as the number that it equals. Of anything else only the type's
name crosses, as __opaque__, and it equals nothing. Where expected values were recorded, what is very large is recorded and crosses as __digest__, which
equal values share.
"""
import json
import math
import sys

try:
    from _sha2 import sha256
except ImportError:
    from _sha256 import sha256

LONG = 8000         # bits
LARGE = 200_000     # elements, or eights of characters


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
    if kind is set or kind is frozenset:
        return {'__set__': sorted((encode(item) for item in value), key=json.dumps)}
    if kind is complex:
        return {'__complex__': [encode(value.real), encode(value.imag)]}
    if kind is bytes:
        return {'__bytes__': value.decode('latin-1')}
    for base, plain in PLAIN:
        if issubclass(kind, base):
            return encode(plain(value))
    for module, name in NUMBERS:
        if kind is getattr(sys.modules.get(module), name, None):
            number = equal_number(value)
            return encode(number) if number is not None else {'__opaque__': name}
    return {'__opaque__': kind.__name__[:100]}


# What an object of a derived class is as an object of the class itself, by that class's own methods.
PLAIN = (
    (int, int.__int__), (float, float.__float__), (str, str.__str__), (list, lambda value: [*list.__iter__(value)]),
    (tuple, lambda value: (*tuple.__iter__(value),)), (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: {*set.__iter__(value)}), (frozenset, lambda value: {*frozenset.__iter__(value)}),
    (complex, complex.__complex__), (bytes, lambda value: bytes.__getitem__(value, slice(None))),
)
NUMBERS = (('fractions', 'Fraction'), ('decimal', 'Decimal'))


def equal_number(value):
    """The int or float that equals the Fraction or Decimal; None where there is none."""
    for number in (int, float):
        try:
            if number(value) == value:
                return number(value)
        except (ArithmeticError, ValueError):
            pass
    return None


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
            return {decode(k): decode(v) for k, v in content}
        if tag == '__int__':
            return int(content, 16)
        if tag == '__float__':
            return float(content)
        if tag == '__complex__':
            return complex(decode(content[0]), decode(content[1]))
        if tag == '__bytes__':
            return content.encode('latin-1')
        if tag == '__opaque__' or tag == '__digest__':
            return object()
    return {key: decode(item) for key, item in value.items()}


def frozenset_or_set(items):
    """Sets inside sets can only be frozen."""
    return set(freeze(decode(item)) for item in items)


def freeze(value):
    return frozenset(value) if type(value) is set else value


def is_large(value):
    """Decided by what equal values have in common."""
    left, stack = LARGE, [value]
    while stack and left >= 0:
        item = stack.pop()
        kind = type(item)
        if kind in (list, tuple, set, frozenset):
            left -= len(item)
            if left >= 0:
                stack.extend(item)
        elif issubclass(kind, dict):
            left -= 2 * dict.__len__(item)
            if left >= 0:
                stack.extend(dict.keys(item))
                stack.extend(dict.values(item))
        elif kind is str or kind is bytes:
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
    return {tag: normal(content)} if tag == '__tuple__' else value


def to_text(value, digests=False, dumps=json.dumps, encode=encode, is_large=is_large, digest=digest):
    return dumps(digest(value) if digests and is_large(value) else encode(value))


def from_text(text, loads=json.loads, decode=decode):
    return decode(loads(text))
