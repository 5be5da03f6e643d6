"""Values as JSON, by content and by exact type: what crosses the wall between a judged program and the host.

None, bool, int, float, str and list stand for themselves; the rest are objects with one key: __tuple__, __set__, __dict__ (pairs), __float__
(nan and infinities), __int__ (hexadecimal, where decimal would be slow), __complex__, __bytes__. Anything else, subclasses included, could lie
about itself: only its type's name crosses, as __opaque__, and it equals nothing. Of a very large value, the digest of its content crosses as
__digest__: enough to see that it is the expected one.
"""
import collections
import json
import marshal
import math

try:
    from _sha2 import sha256
except ImportError:
    from _sha256 import sha256

LONG = 8000         # bits
LARGE = 200_000     # elements, or eights of characters
MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)


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
    if kind in MAPPINGS:
        return {'__dict__': [[encode(k), encode(v)] for k, v in dict.items(value)]}
    if kind is set or kind is frozenset:
        return {'__set__': sorted((encode(item) for item in value), key=json.dumps)}
    if kind is complex:
        return {'__complex__': [encode(value.real), encode(value.imag)]}
    if kind is bytes:
        return {'__bytes__': value.decode('latin-1')}
    return {'__opaque__': kind.__name__[:100]}


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
    left, stack = LARGE, [value]
    while stack and left >= 0:
        item = stack.pop()
        kind = type(item)
        if kind in (list, tuple, set, frozenset):
            left -= len(item)
            if left >= 0:
                stack.extend(item)
        elif kind in MAPPINGS:
            left -= 2 * len(item)
            if left >= 0:
                stack.extend(dict.keys(item))
                stack.extend(dict.values(item))
        elif kind is str or kind is bytes:
            left -= len(item) >> 3
        elif kind is int:
            left -= item.bit_length() >> 6
    return left < 0


def digest(value):
    """Piece by piece, since a second copy of the value may not fit into memory."""
    kind = type(value)
    content = sha256(kind.__name__.encode())
    try:
        if kind in (list, tuple):
            for item in value:
                content.update(marshal.dumps(item, 0))
        else:
            content.update(marshal.dumps(value, 0))
    except ValueError:
        return {'__opaque__': kind.__name__[:100]}
    return {'__digest__': content.hexdigest()}


def to_text(value, dumps=json.dumps, encode=encode, is_large=is_large, digest=digest):
    return dumps(digest(value) if is_large(value) else encode(value))


def arguments_to_text(arguments, dumps=json.dumps, encode=encode):
    """In full, however large."""
    return dumps(encode(arguments))


def from_text(text, loads=json.loads, decode=decode):
    return decode(loads(text))
