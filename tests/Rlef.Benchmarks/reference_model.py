"""The nano policy in Python's torch, written as one would write it: the yardstick of the benchmarks. One round for every line of input."""
import math
import sys
import time

import torch
import torch.nn.functional as F

mode = sys.argv[1]
threads, d, ff, layers, heads, groups, vocab, batch, length, rows, prompt, generated = map(int, sys.argv[2:14])
size = d // heads
torch.set_num_threads(threads)
torch.manual_seed(0)


def weight(*shape):
    return (torch.randn(*shape) * 0.02).requires_grad_()


embedding, final = weight(vocab, d), torch.ones(d, requires_grad=True)
blocks = [dict(n1=torch.ones(d, requires_grad=True), q=weight(d, d), k=weight(groups * size, d), v=weight(groups * size, d), o=weight(d, d),
               n2=torch.ones(d, requires_grad=True), gate=weight(ff, d), up=weight(ff, d), down=weight(d, ff)) for _ in range(layers)]
parameters = [embedding, final] + [p for b in blocks for p in b.values()]
angles = torch.outer(torch.arange(1024).float(), 10000.0 ** (-torch.arange(0, size, 2).float() / size))
cos, sin = (torch.cat([f, f], -1) for f in (angles.cos(), angles.sin()))


def norm(x, w):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * w


def rotate(x, at):
    a, b = x.chunk(2, -1)
    return x * cos[at] + torch.cat([-b, a], -1) * sin[at]


def forward(ids, cache=None, start=0):
    n, t = ids.shape
    at = slice(start, start + t)
    x = F.embedding(ids, embedding)
    mask = torch.full((t, start + t), float('-inf')).triu(start + 1)
    for i, b in enumerate(blocks):
        h = norm(x, b['n1'])
        q = rotate(F.linear(h, b['q']).view(n, t, heads, size).transpose(1, 2), at)
        k = rotate(F.linear(h, b['k']).view(n, t, groups, size).transpose(1, 2), at)
        v = F.linear(h, b['v']).view(n, t, groups, size).transpose(1, 2)
        if cache is not None:
            if cache[i] is not None:
                k, v = torch.cat([cache[i][0], k], 2), torch.cat([cache[i][1], v], 2)
            cache[i] = (k, v)
        k, v = k.repeat_interleave(heads // groups, 1), v.repeat_interleave(heads // groups, 1)
        a = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(size) + mask, -1)
        x = x + F.linear((a @ v).transpose(1, 2).reshape(n, t, d), b['o'])
        h = norm(x, b['n2'])
        x = x + F.linear(F.silu(F.linear(h, b['gate'])) * F.linear(h, b['up']), b['down'])
    return F.linear(norm(x, final), embedding)


if mode == 'train':
    optimizer = torch.optim.AdamW(parameters, lr=1e-4)
    tokens = torch.randint(vocab, (batch, length))


def train():
    began = time.perf_counter()
    loss = F.cross_entropy(forward(tokens)[:, :-1].reshape(-1, vocab), tokens[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return (time.perf_counter() - began) * 1e3


def decode():
    with torch.no_grad():
        cache = [None] * layers
        logits = forward((torch.arange(rows)[:, None] + torch.arange(prompt)[None]) % vocab, cache)[:, -1]
        began = time.perf_counter()
        for step in range(generated):
            logits = forward(logits.argmax(-1, keepdim=True), cache, prompt + step)[:, -1]
        return rows * generated / (time.perf_counter() - began)


for _ in sys.stdin:
    print(train() if mode == 'train' else decode(), flush=True)
