// Hugging Face's tokenizers library through its Node binding. Arguments: the package's folder, a tokenizer.json, a JSON array of texts. Each line of input asks
// for one round over all texts, one after another, answered by its milliseconds; before the first, a line with the number of tokens of each text.
const [, , folder, tokenizerFile, textFile] = process.argv;
process.env.TOKENIZERS_PARALLELISM = 'false';
const { Tokenizer } = require(folder);
const texts = JSON.parse(require('fs').readFileSync(textFile, 'utf8'));
const tokenizer = Tokenizer.fromFile(tokenizerFile);
const options = { addSpecialTokens: false };

async function main() {
  const counts = [];
  for (const text of texts) counts.push((await tokenizer.encode(text, null, options)).getLength());
  console.log(JSON.stringify(counts));
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    if (line === '') continue;
    const began = performance.now();
    for (const text of texts) await tokenizer.encode(text, null, options);
    console.log(performance.now() - began);
  }
}
main();
