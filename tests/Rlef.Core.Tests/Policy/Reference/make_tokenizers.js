// Adds tokenizers/NAME.golden.json to each tokenizers/NAME.json: ids and texts by Hugging Face's library.
// Run: npm install @anush008/tokenizers@0.6.0 && node make_tokenizers.js
const { Tokenizer } = require('@anush008/tokenizers');
const fs = require('fs');
const bits = ['hello', ' hello', 'hellos', 'hell', ' world', 'world', 'ab', 'abab', 'abba', 'b', 'a', ' ', '  ', '    ', '\n', '\n\n', '\t', '1', '123', '45', "'s", 'ing', 'é', 'e\u0301',
  '\u212b', 'Å', 'é!', '!', '.', '<s>', '<mask>', '<right>', '<s>tart', '<end>', '</s>', '_', '-', '你', '好', '😀', '😀a', '𝟘', '𝔘', '\u0301', '\u00a0', 'café', '<', '>', '<0x0A>', '▁', 'x', 'Z'];
let seed = 7;
const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 2147483648 * n); };
(async () => {
  for (const file of fs.readdirSync('tokenizers').filter(f => f.endsWith('.json') && !f.includes('golden'))) {
    const tokenizer = await Tokenizer.fromFile('tokenizers/' + file);
    const size = await tokenizer.getVocabSize(true), cases = [];
    for (let i = 0; i < 150; i++) {
      let text = '';
      for (let n = i === 0 ? 0 : 1 + random(14); n > 0; n--) text += bits[random(bits.length)];
      const ids = Array.from((await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds());
      const special = Array.from((await tokenizer.encode(text, null, { addSpecialTokens: true })).getIds());
      const other = i % 3 ? ids : Array.from({ length: 1 + random(6) }, () => random(size));
      cases.push({ text, ids, ids_with_special: special, decode: other, decoded: await tokenizer.decode(other, false), decoded_skip_special: await tokenizer.decode(other, true) });
    }
    fs.writeFileSync('tokenizers/' + file.replace('.json', '.golden.json'), '[\n' + cases.map(c => JSON.stringify(c)).join(',\n') + '\n]\n');
  }
})();
