// Asks a server of Rlef by OpenAI's own client, with its own retries off, and prints what came of it as JSON.
// node openai_client.mjs BASE_URL KEY MODEL
import OpenAI from "openai";

const [baseURL, apiKey, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: "user", content: "Print the sum of the numbers." }];
const common = { model, temperature: 0, max_tokens: 40 };

async function collect(stream, text) {
  let said = "", finish = null, usage = null;
  for await (const chunk of stream) {
    said += chunk.choices[0] ? text(chunk.choices[0]) ?? "" : "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  return { said, finish, usage };
}

async function fault(call) {
  try {
    await call();
    return "no error";
  } catch (e) {
    return { type: e.constructor.name, status: e.status ?? null, code: e.code ?? null, param: e.param ?? null, message: e.message };
  }
}

const chat = await client.chat.completions.create({ ...common, messages });
const streamed = await collect(await client.chat.completions.create({ ...common, messages, stream: true, stream_options: { include_usage: true } }), c => c.delta.content);
const stopped = await client.chat.completions.create({ ...common, messages, stop: ["("] });
const likely = await client.chat.completions.create({ ...common, messages, max_tokens: 3, logprobs: true, top_logprobs: 2 });
const seeded = [];
for (const seed of [1, 1, 2]) seeded.push((await client.chat.completions.create({ ...common, messages, temperature: 1, n: 2, seed })).choices.map(c => c.message.content));
const text = await client.completions.create({ ...common, prompt: "x = ", logprobs: 1 });
const streamedText = await collect(await client.completions.create({ ...common, prompt: "x = ", stream: true }), c => c.text);
const models = [];
for await (const entry of client.models.list()) models.push(entry.id);

const leaving = new AbortController();
const left = await fault(async () => {
  for await (const _ of await client.chat.completions.create({ ...common, messages, temperature: 1, max_tokens: 400, stream: true }, { signal: leaving.signal })) leaving.abort();
  throw Object.assign(new Error(), { code: "left" });
});

console.log(JSON.stringify({
  chat, streamed, stopped, likely, seeded, text, streamedText, models, left,
  faults: {
    key: await fault(() => new OpenAI({ baseURL, apiKey: "wrong-wrong-wrong", maxRetries: 0 }).models.list()),
    model: await fault(() => client.chat.completions.create({ ...common, model: "other", messages })),
    field: await fault(() => client.chat.completions.create({ ...common, messages, temperature: -1 })),
    long: await fault(() => client.completions.create({ ...common, prompt: "x".repeat(100000) })),
    large: await fault(() => client.completions.create({ ...common, prompt: "x".repeat(40 << 20) })),
    stream: await fault(() => client.completions.create({ ...common, prompt: "", stream: true })),
  },
}));
