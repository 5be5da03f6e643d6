"""Makes src/Rlef.Core/Policy/Tokenization/nfc.txt from Python's Unicode tables. Run: python3 make_nfc.py > nfc.txt"""
import unicodedata

print(f'# Canonical composition of Unicode {unicodedata.unidata_version}; made by make_nfc.py. Numbers are hexadecimal.')
print('# c FIRST LAST CLASS: combining class. d COMPOSED PART...: decomposes. p COMPOSED PART PART: and composes again.')
everything = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and not 0xAC00 <= c <= 0xD7A3]
run = None
for c in everything + [None]:
    k = unicodedata.combining(chr(c)) if c is not None else 0
    if run and (k != run[2] or c != run[1] + 1):
        print('c %X %X %X' % tuple(run))
        run = None
    if k:
        run = [c, c, k] if run is None else [run[0], c, k]
for c in everything:
    parts = unicodedata.decomposition(chr(c))
    if parts and '<' not in parts:
        parts = parts.split()
        composes = len(parts) == 2 and unicodedata.normalize('NFC', chr(c)) == chr(c)
        print('p' if composes else 'd', '%X' % c, *('%X' % int(p, 16) for p in parts))
