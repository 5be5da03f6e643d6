"""Makes policy.safetensors beside this file: what Python's torch computes for a small policy. Run: /usr/bin/python3 make_reference.py

It holds the weights, token ids, logits, loss, the gradient of every weight, and the losses and weights of 20 steps of AdamW. The model is written
out plainly and shares no code with the library. AdamW's eps is large, so that rounding of gradients near zero is not blown up to whole steps.
"""
import json
import math
import pathlib
import struct

import torch
import torch.nn.functional as F

D, FF, LAYERS, HEADS, GROUPS, VOCAB, B, T = 32, 48, 2, 4, 2, 64, 3, 24
SIZE = D // HEADS
torch.manual_seed(7)
torch.set_num_threads(1)

weights = {'model.embed_tokens.weight': torch.randn(VOCAB, D) * 0.3}
for i in range(LAYERS):
    p = f'model.layers.{i}.'
    weights[p + 'input_layernorm.weight'] = torch.rand(D) + 0.5
    weights[p + 'self_attn.q_proj.weight'] = torch.randn(D, D) * 0.2
    weights[p + 'self_attn.k_proj.weight'] = torch.randn(GROUPS * SIZE, D) * 0.2
    weights[p + 'self_attn.v_proj.weight'] = torch.randn(GROUPS * SIZE, D) * 0.2
    weights[p + 'self_attn.o_proj.weight'] = torch.randn(D, D) * 0.2
    weights[p + 'post_attention_layernorm.weight'] = torch.rand(D) + 0.5
    weights[p + 'mlp.gate_proj.weight'] = torch.randn(FF, D) * 0.2
    weights[p + 'mlp.up_proj.weight'] = torch.randn(FF, D) * 0.2
    weights[p + 'mlp.down_proj.weight'] = torch.randn(D, FF) * 0.2
weights['model.norm.weight'] = torch.rand(D) + 0.5
ids = torch.randint(VOCAB, (B, T))
out = {f'weights.{name}': w.clone() for name, w in weights.items()}
for w in weights.values():
    w.requires_grad_(True)

angles = torch.outer(torch.arange(T).double(), 10000.0 ** (-torch.arange(0, SIZE, 2).double() / SIZE))
cos, sin = (torch.cat([f, f], -1).float() for f in (angles.cos(), angles.sin()))


def norm(x, w):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * w


def rotate(x):
    return x * cos + torch.cat([-x[..., SIZE // 2:], x[..., :SIZE // 2]], -1) * sin


def logits():
    x = weights['model.embed_tokens.weight'][ids]
    hidden = torch.ones(T, T).triu(1).bool()
    for i in range(LAYERS):
        w = {name.split('.', 3)[3]: value for name, value in weights.items() if name.startswith(f'model.layers.{i}.')}
        h = norm(x, w['input_layernorm.weight'])
        q, k, v = (F.linear(h, w[f'self_attn.{n}_proj.weight']).view(B, T, -1, SIZE).transpose(1, 2) for n in 'qkv')
        q, k = rotate(q), rotate(k)
        heads = []
        for head in range(HEADS):
            group = head * GROUPS // HEADS
            scores = (q[:, head] @ k[:, group].transpose(1, 2) / math.sqrt(SIZE)).masked_fill(hidden, -math.inf)
            heads.append(scores.softmax(-1) @ v[:, group])
        x = x + F.linear(torch.cat(heads, -1), w['self_attn.o_proj.weight'])
        h = norm(x, w['post_attention_layernorm.weight'])
        x = x + F.linear(F.silu(F.linear(h, w['mlp.gate_proj.weight'])) * F.linear(h, w['mlp.up_proj.weight']), w['mlp.down_proj.weight'])
    return F.linear(norm(x, weights['model.norm.weight']), weights['model.embed_tokens.weight'])


def loss():
    return F.cross_entropy(logits()[:, :-1].reshape(-1, VOCAB), ids[:, 1:].reshape(-1))


out['ids'] = ids.float()
out['logits'] = logits()
first = loss()
first.backward()
out.update({f'gradients.{name}': w.grad.clone() for name, w in weights.items()})
optimizer = torch.optim.AdamW(weights.values(), lr=2e-3, betas=(0.9, 0.95), eps=1e-5, weight_decay=0.1)
losses = []
for _ in range(20):
    optimizer.zero_grad()
    current = loss()
    current.backward()
    optimizer.step()
    losses.append(current.detach())
out['losses'] = torch.stack(losses)
out.update({f'trained.{name}': w for name, w in weights.items()})

header, data = {}, b''
for name, tensor in out.items():
    raw = tensor.detach().contiguous().numpy().astype('<f4').tobytes()
    header[name] = {'dtype': 'F32', 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header, separators=(',', ':')).encode()
text += b' ' * (-len(text) % 8)
(pathlib.Path(__file__).parent / 'policy.safetensors').write_bytes(struct.pack('<Q', len(text)) + text + data)
print(f'losses {losses[0]:.6f} ... {losses[-1]:.6f}, {len(data)} bytes')
