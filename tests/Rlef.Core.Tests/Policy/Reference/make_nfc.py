"""Makes src/Rlef.Core/Policy/Tokenization/nfc.txt. Run: python3 make_nfc.py > nfc.txt, with Hugging Face's tokenizers.

What a character decomposes to comes from Python's Unicode tables, as far as the tokenizers library knows the character: it stays at the Unicode version of
its beginnings, and marks that are newer neither change places nor compose there.
"""
import unicodedata

from tokenizers.normalizers import NFC

reference = NFC().normalize_str
print('# Canonical composition as in Hugging Face\'s tokenizers (Unicode 9); made by make_nfc.py. Numbers are hexadecimal.')
print('# c FIRST LAST CLASS: combining class. d COMPOSED PART...: decomposes. p COMPOSED PART PART: and composes again.')
everything = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and not 0xAC00 <= c <= 0xD7A3]


def moves(c, k):
    """Whether a mark goes before one of the highest class."""
    # A letter with which it does not compose.
    return k == 240 or reference('\u2C65\u0345' + chr(c)) == '\u2C65' + unicodedata.normalize('NFC', chr(c)) + '\u0345'


run = None
for c in everything + [None]:
    k = unicodedata.combining(chr(c)) if c is not None else 0
    k = k if k and moves(c, k) else 0
    if run and (k != run[2] or c != run[1] + 1):
        print('c %X %X %X' % tuple(run))
        run = None
    if k:
        run = [c, c, k] if run is None else [run[0], c, k]
for c in everything:
    parts = unicodedata.decomposition(chr(c))
    if parts and '<' not in parts:
        parts = parts.split()
        pair = ''.join(chr(int(p, 16)) for p in parts)
        composes = len(parts) == 2 and unicodedata.normalize('NFC', chr(c)) == chr(c)
        if not composes or reference(pair) == chr(c):
            print('p' if composes else 'd', '%X' % c, *('%X' % int(p, 16) for p in parts))
