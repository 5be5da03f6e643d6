"""The policy in Python's torch, written as one would write it: the yardstick of the benchmarks.

The argument is a JSON object with the model's sizes and what to measure, on which device and in which type.
"""
import json
import math
import sys

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    print(json.dumps(dict(missing=str(error))), flush=True)
    sys.exit()

from peer_loop import autocast, dispatches, now, serve

config = json.loads(sys.argv[1])
d, ff, layers = config['hidden_size'], config['intermediate_size'], config['num_hidden_layers']
heads, groups, vocab = config['num_attention_heads'], config['num_key_value_heads'], config['vocab_size']
size = d // heads
device, dtype, training = config['device'], getattr(torch, config['dtype']), config['measure'] == 'train'
kind = dict(device=device, dtype=torch.float32 if training else dtype)
torch.manual_seed(0)


def weight(*shape):
    return (torch.randn(*shape, **kind) * 0.02).requires_grad_()


def ones(n):
    return torch.ones(n, requires_grad=True, **kind)


def bias(n):
    return torch.zeros(n, requires_grad=True, **kind) if config['model_type'] == 'qwen2' else None


embedding, final = weight(vocab, d), ones(d)
head = embedding if config['tie_word_embeddings'] else weight(vocab, d)
blocks = [dict(n1=ones(d), q=weight(d, d), k=weight(groups * size, d), v=weight(groups * size, d), o=weight(d, d),
               qb=bias(d), kb=bias(groups * size), vb=bias(groups * size),
               n2=ones(d), gate=weight(ff, d), up=weight(ff, d), down=weight(d, ff)) for _ in range(layers)]
parameters = [embedding, final] + [p for b in blocks for p in b.values() if p is not None] + ([] if head is embedding else [head])
angles = torch.outer(torch.arange(config['max_position_embeddings']).float(), 10000.0 ** (-torch.arange(0, size, 2).float() / size))
cos, sin = (torch.cat([f, f], -1).to(device, dtype) for f in (angles.cos(), angles.sin()))


def norm(x, w):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * w


def rotate(x, at):
    a, b = x.chunk(2, -1)
    return x * cos[at] + torch.cat([-b, a], -1) * sin[at]


def forward(ids, mask, cache=None, start=0):
    n, t = ids.shape
    at = slice(start, start + t)
    x = F.embedding(ids, embedding)
    for i, b in enumerate(blocks):
        h = norm(x, b['n1'])
        q = rotate(F.linear(h, b['q'], b['qb']).view(n, t, heads, size).transpose(1, 2), at)
        k = rotate(F.linear(h, b['k'], b['kb']).view(n, t, groups, size).transpose(1, 2), at)
        v = F.linear(h, b['v'], b['vb']).view(n, t, groups, size).transpose(1, 2)
        if cache is not None:
            # Room for all tokens is allocated once: half again as fast as joining tensors at every step.
            cache[i][0][:, :, at], cache[i][1][:, :, at] = k, v
            k, v = cache[i][0][:, :, :start + t], cache[i][1][:, :, :start + t]
        if groups < heads:
            k, v = k.repeat_interleave(heads // groups, 1), v.repeat_interleave(heads // groups, 1)
        if device == 'cpu':
            a = q @ k.transpose(2, 3) / math.sqrt(size)
            a = torch.softmax(a if mask is None else a + mask, -1) @ v
        else:
            a = F.scaled_dot_product_attention(q, k, v, is_causal=mask is not None)
        x = x + F.linear(a.transpose(1, 2).reshape(n, t, d), b['o'])
        h = norm(x, b['n2'])
        x = x + F.linear(F.silu(F.linear(h, b['gate'])) * F.linear(h, b['up']), b['down'])
    return F.linear(norm(x, final), head)


def causal(t):
    return torch.full((t, t), float('-inf'), device=device, dtype=dtype).triu(1)


if training:
    optimizer = torch.optim.AdamW(parameters, lr=1e-4)
    tokens = torch.randint(vocab, (config['batch'], config['length']), device=device)


def train():
    began = now()
    with autocast(device, dtype):
        loss = F.cross_entropy(forward(tokens, causal(config['length']))[:, :-1].reshape(-1, vocab), tokens[:, 1:].reshape(-1))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return now() - began


def prompted(rows, prompt, generated=0):
    cache = [[torch.empty(rows, groups, prompt + generated, size, **kind) for _ in 'kv'] for _ in blocks]
    return cache, forward(((torch.arange(rows)[:, None] + torch.arange(prompt)[None]) % vocab).to(device), causal(prompt), cache)[:, -1]


@torch.no_grad()
def prefill():
    began = now()
    prompted(config['rows'], config['prompt'])
    return now() - began


@torch.no_grad()
def decode(generated=None):
    prompt, generated = config['prompt'], generated or config['generated']
    cache, logits = prompted(config['rows'], prompt, generated)
    began = now()
    for step in range(generated):
        logits = forward(logits.argmax(-1, keepdim=True), None, cache, prompt + step)[:, -1]
    return now() - began


measure = dict(train=train, prefill=prefill, decode=decode)[config['measure']]
# Of decoding, those of one step.
serve(measure, dispatches(lambda: decode(2)) - dispatches(lambda: decode(1)) if measure is decode else dispatches(measure))
