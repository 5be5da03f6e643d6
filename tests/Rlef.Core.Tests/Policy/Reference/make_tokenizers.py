"""Makes tokenizers/NAME.json beside this file: small tokenizers that use one feature of tokenizer.json after another. Run: python3 make_tokenizers.py

make_tokenizers.js then adds tokenizers/NAME.golden.json, what Hugging Face's tokenizers library makes of many texts.
"""
import json
import pathlib

HERE = pathlib.Path(__file__).parent / 'tokenizers'
HERE.mkdir(exist_ok=True)
letters = []
hidden = 0
for b in range(256):
    visible = 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b <= 255
    letters.append(chr(b) if visible else chr(256 + hidden))
    hidden += not visible


def added(content, id, special=True, **options):
    return {'id': id, 'content': content, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': special, **options}


def save(name, model, tokens, normalizer=None, pre=None, post=None, decoder=None):
    text = json.dumps({'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': tokens, 'normalizer': normalizer, 'pre_tokenizer': pre, 'post_processor': post,
                       'decoder': decoder, 'model': {'type': 'BPE', 'dropout': None, 'unk_token': None, 'continuing_subword_prefix': None, 'end_of_word_suffix': None,
                                                     'fuse_unk': False, 'byte_fallback': False, 'ignore_merges': False, **model}}, ensure_ascii=False, indent=1)
    (HERE / f'{name}.json').write_text(text + '\n')


def byte_vocabulary(merges, whole=()):
    vocabulary = {}
    for token in [*letters, *(m.replace(' ', '') for m in merges), *whole]:
        vocabulary.setdefault(token, len(vocabulary))
    return vocabulary


merges = ['h e', 'l l', 'he ll', 'hell o', 'Ġ hello', 'a b', 'ab ab', 'b a', 'Ġ Ġ', 'ĠĠ ĠĠ', '1 2', '12 3', 'Ã ©', 'i n', 'in g', "' s", 'Ċ Ċ']
byte_level = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': False}


def split(pattern, behavior='Isolated', invert=False):
    return {'type': 'Split', 'pattern': {'Regex': pattern}, 'behavior': behavior, 'invert': invert}


def sequence(kind, field, *steps):
    return {'type': 'Sequence', field: list(steps)}


vocabulary = byte_vocabulary(merges)
n = len(vocabulary)
save('added-tokens', {'vocab': vocabulary, 'merges': merges},
     [added('<s>', n), added('<mask>', n + 1, lstrip=True), added('<right>', n + 2, rstrip=True), added('ab', vocabulary['ab'], special=False, single_word=True),
      added('<s>tart', n + 3, special=False), added('\u212b', n + 4, special=False, normalized=True), added('é!', n + 5, special=False)],
     normalizer={'type': 'NFC'}, pre={'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True},
     post={'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '<right>', 'type_id': 0}}],
           'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 1}}],
           'special_tokens': {'<s>': {'id': '<s>', 'ids': [n], 'tokens': ['<s>']}, '<right>': {'id': '<right>', 'ids': [n + 2], 'tokens': ['<right>']}}},
     decoder={'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True, 'use_regex': True})

whole = byte_vocabulary(merges, ['world', 'Ġworld', 'hellos', 'abba', 'caf\u00c3\u00a9'])
save('whole-words', {'vocab': whole, 'merges': [m.split(' ') for m in merges], 'ignore_merges': True}, [added('<end>', len(whole))],
     pre=sequence('Sequence', 'pretokenizers', split(r'\p{N}{1,3}'), split(r"[^\s\p{L}]?\p{L}+|\s+(?!\S)"), byte_level),
     decoder={'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True, 'use_regex': True})

save('digits-prefix', {'vocab': vocabulary, 'merges': merges}, [],
     pre=sequence('Sequence', 'pretokenizers', {'type': 'Digits', 'individual_digits': True}, split(r'\p{L}+|\p{N}|[^\p{L}\p{N}]+', 'Removed', True),
                  {**byte_level, 'use_regex': True}),
     decoder={'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True, 'use_regex': True})

pieces = ['<unk>', '<s>', '</s>', *(f'<0x{b:02X}>' for b in range(256))]
words = ['▁h', 'el', 'lo', '▁hel', '▁hello', '▁▁', '▁▁▁▁', 'ab', 'ba', 'abab', '▁a', 'in', 'ing', '▁w', 'or', 'ld', '▁wor', '▁world', '12', 'é!', '😀a']
singles = sorted({c for w in words for c in w} | set('▁abcdefghijklmnopqrstuvwxyz0123456789.,!?éß你'))
spelled = [*pieces, *words, *singles]
known = set(spelled)
pairs = [f'{w[:i]} {w[i:]}' for w in words for i in range(1, len(w)) if w[:i] in known and w[i:] in known]
model = {'vocab': {p: i for i, p in enumerate(spelled)}, 'merges': pairs, 'unk_token': '<unk>', 'fuse_unk': True, 'byte_fallback': True}
tokens = [added(p, i) for i, p in enumerate(pieces[:3])]
template = {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}],
            'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 1}}], 'special_tokens': {'<s>': {'id': '<s>', 'ids': [1], 'tokens': ['<s>']}}}
steps = [{'type': 'Replace', 'pattern': {'String': '▁'}, 'content': ' '}, {'type': 'ByteFallback'}, {'type': 'Fuse'}]
strip = {'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0}
save('llama2', model, tokens, normalizer=sequence('Sequence', 'normalizers', {'type': 'Prepend', 'prepend': '▁'}, {'type': 'Replace', 'pattern': {'String': ' '}, 'content': '▁'}),
     post=template, decoder=sequence('Sequence', 'decoders', *steps, strip))
for scheme in ('first', 'always', 'never'):
    save(f'metaspace-{scheme}', model, tokens, pre={'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': scheme, 'split': False}, post=template,
         decoder=sequence('Sequence', 'decoders', *steps, *([] if scheme == 'never' else [strip])))
