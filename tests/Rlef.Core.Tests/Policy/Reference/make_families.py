"""Makes families/NAME/ beside this file: small random models of every family as Hugging Face folders, and what Python's torch computes for them.

Run: /usr/bin/python3 make_families.py. Each folder holds config.json, the weights under Hugging Face's names, and expected.safetensors with token ids,
logits, and the gradient of the mean next-token loss for every weight. The forward passes are written out plainly in 64-bit floats and share no code
with the library.
"""
import json
import math
import pathlib
import shutil
import struct

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent / 'families'
B, T, VOCAB = 2, 40, 40
TYPES = {torch.float32: 'F32', torch.bfloat16: 'BF16', torch.float16: 'F16'}


def write(path, tensors):
    header, data = {'__metadata__': {'format': 'pt'}}, b''
    for name, tensor in tensors.items():
        raw = bytes(tensor.detach().contiguous().view(torch.uint8 if tensor.dim() else tensor.dtype).numpy().tobytes())
        header[name] = {'dtype': TYPES[tensor.dtype], 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


def frequencies(size, theta, scaling):
    result = []
    for i in range(0, size, 2):
        f = theta ** (-i / size)
        if scaling and scaling['rope_type'] == 'linear':
            f /= scaling['factor']
        elif scaling and scaling['rope_type'] == 'llama3':
            wave, original = 2 * math.pi / f, scaling['original_max_position_embeddings']
            low, high = scaling['low_freq_factor'], scaling['high_freq_factor']
            if wave > original / low:
                f /= scaling['factor']
            elif wave >= original / high:
                smooth = (original / wave - low) / (high - low)
                f = (1 - smooth) * f / scaling['factor'] + smooth * f
        result.append(f)
    return torch.tensor(result).double()


def attention(q, k, v):
    """[heads, T, size] each, causal."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(torch.ones(T, T).triu(1).bool(), -math.inf).softmax(-1) @ v


def llama_weights(c, bias_qkv, bias_o, bias_mlp, qk_norm):
    d, f = c['hidden_size'], c['intermediate_size']
    size = c.get('head_dim') or d // c['num_attention_heads']
    q, kv = c['num_attention_heads'] * size, c['num_key_value_heads'] * size
    w = {'model.embed_tokens.weight': torch.randn(VOCAB, d) * 0.5}
    for i in range(c['num_hidden_layers']):
        p = f'model.layers.{i}.'
        for name, rows, columns, bias in [('self_attn.q_proj', q, d, bias_qkv), ('self_attn.k_proj', kv, d, bias_qkv), ('self_attn.v_proj', kv, d, bias_qkv),
                                          ('self_attn.o_proj', d, q, bias_o), ('mlp.gate_proj', f, d, bias_mlp), ('mlp.up_proj', f, d, bias_mlp),
                                          ('mlp.down_proj', d, f, bias_mlp)]:
            w[p + name + '.weight'] = torch.randn(rows, columns) * 0.3
            if bias:
                w[p + name + '.bias'] = torch.randn(rows) * 0.3
        for name in ('input_layernorm', 'post_attention_layernorm'):
            w[p + name + '.weight'] = torch.rand(d) + 0.5
        if qk_norm:
            for name in ('q_norm', 'k_norm'):
                w[p + f'self_attn.{name}.weight'] = torch.rand(size) + 0.5
    w['model.norm.weight'] = torch.rand(d) + 0.5
    if not c['tie_word_embeddings']:
        w['lm_head.weight'] = torch.randn(VOCAB, d) * 0.3
    return w


def llama(c, w, ids):
    rope = c.get('rope_parameters') or c.get('rope_scaling') or {}
    theta = rope.get('rope_theta') or c['rope_theta']
    heads, groups = c['num_attention_heads'], c['num_key_value_heads']
    size = c.get('head_dim') or c['hidden_size'] // heads
    angles = torch.outer(torch.arange(T).double(), frequencies(size, theta, rope if rope.get('rope_type', 'default') != 'default' else None))
    turn = torch.polar(torch.ones_like(angles), angles)

    def norm(x, name):
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + c['rms_norm_eps']) * w[name + '.weight']

    def affine(x, name):
        y = x @ w[name + '.weight'].t()
        return y + w[name + '.bias'] if name + '.bias' in w else y

    def rotate(x):
        # The first half of a head is the real part, the second the imaginary one.
        turned = torch.complex(x[..., :size // 2], x[..., size // 2:]) * turn
        return torch.cat([turned.real, turned.imag], -1)

    x = w['model.embed_tokens.weight'][ids]
    for i in range(c['num_hidden_layers']):
        p = f'model.layers.{i}.'
        h = norm(x, p + 'input_layernorm')
        q, k, v = (affine(h, p + f'self_attn.{n}_proj').view(B, T, -1, size) for n in 'qkv')
        if p + 'self_attn.q_norm.weight' in w:
            q, k = norm(q, p + 'self_attn.q_norm'), norm(k, p + 'self_attn.k_norm')
        q, k, v = rotate(q.transpose(1, 2)), rotate(k.transpose(1, 2)), v.transpose(1, 2)
        mixed = [attention(q[:, n], k[:, n * groups // heads], v[:, n * groups // heads]) for n in range(heads)]
        x = x + affine(torch.cat(mixed, -1), p + 'self_attn.o_proj')
        h = norm(x, p + 'post_attention_layernorm')
        x = x + affine(F.silu(affine(h, p + 'mlp.gate_proj')) * affine(h, p + 'mlp.up_proj'), p + 'mlp.down_proj')
    return norm(x, 'model.norm') @ w['model.embed_tokens.weight' if c['tie_word_embeddings'] else 'lm_head.weight'].t()


def gpt2_weights(c, p):
    d = c['n_embd']
    f = c.get('n_inner') or 4 * d
    w = {p + 'wte.weight': torch.randn(VOCAB, d) * 0.5, p + 'wpe.weight': torch.randn(c['n_positions'], d) * 0.5}
    for i in range(c['n_layer']):
        for name, shape in [('ln_1.weight', [d]), ('attn.c_attn.weight', [d, 3 * d]), ('attn.c_proj.weight', [d, d]), ('ln_2.weight', [d]),
                            ('mlp.c_fc.weight', [d, f]), ('mlp.c_proj.weight', [f, d])]:
            w[p + f'h.{i}.{name}'] = torch.randn(shape) * 0.3 + (1 if len(shape) == 1 else 0)
            w[p + f'h.{i}.{name[:-6]}bias'] = torch.randn(shape[-1]) * 0.3
    w[p + 'ln_f.weight'], w[p + 'ln_f.bias'] = torch.rand(d) + 0.5, torch.randn(d) * 0.3
    if not c['tie_word_embeddings']:
        w['lm_head.weight'] = torch.randn(VOCAB, d) * 0.3
    return w


def gpt2(c, w, ids, p):
    d, heads = c['n_embd'], c['n_head']

    def norm(x, name):
        return F.layer_norm(x, (d,), w[p + name + '.weight'], w[p + name + '.bias'], c['layer_norm_epsilon'])

    def conv(x, name):
        return x @ w[p + name + '.weight'] + w[p + name + '.bias']

    x = w[p + 'wte.weight'][ids] + w[p + 'wpe.weight'][:T]
    for i in range(c['n_layer']):
        q, k, v = (part.view(B, T, heads, d // heads).transpose(1, 2) for part in conv(norm(x, f'h.{i}.ln_1'), f'h.{i}.attn.c_attn').split(d, -1))
        x = x + conv(attention(q, k, v).transpose(1, 2).reshape(B, T, d), f'h.{i}.attn.c_proj')
        u = conv(norm(x, f'h.{i}.ln_2'), f'h.{i}.mlp.c_fc')
        x = x + conv(0.5 * u * (1 + torch.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u ** 3))), f'h.{i}.mlp.c_proj')
    return norm(x, 'ln_f') @ w[p + 'wte.weight' if c['tie_word_embeddings'] else 'lm_head.weight'].t()


def make(name, config, weights, forward, dtype=torch.float32, shards=1, extra=None):
    folder = HERE / name
    folder.mkdir(parents=True)
    (folder / 'config.json').write_text(json.dumps({**config, 'vocab_size': VOCAB, 'torch_dtype': str(dtype)[6:]}, indent=2) + '\n')
    stored = {n: v.to(dtype) for n, v in weights.items()}
    on_disk = {**stored, **(extra or {})}
    if shards == 1:
        write(folder / 'model.safetensors', on_disk)
    else:
        names = list(on_disk)
        files = {n: f'model-{1 + i * shards // len(names):05}-of-{shards:05}.safetensors' for i, n in enumerate(names)}
        for file in sorted(set(files.values())):
            write(folder / file, {n: on_disk[n] for n in names if files[n] == file})
        total = sum(v.numel() * v.element_size() for v in on_disk.values())
        (folder / 'model.safetensors.index.json').write_text(json.dumps({'metadata': {'total_size': total}, 'weight_map': files}, indent=2) + '\n')
    wide = {n: v.double().requires_grad_() for n, v in stored.items()}
    ids = torch.randint(VOCAB, (B, T))
    logits = forward(wide, ids)
    loss = F.cross_entropy(logits[:, :-1].reshape(-1, VOCAB), ids[:, 1:].reshape(-1))
    loss.backward()
    write(folder / 'expected.safetensors', {'ids': ids.float(), 'logits': logits.float(), **{'gradients.' + n: v.grad.float() for n, v in wide.items()}})
    print(f'{name}: loss {loss.item():.4f}')


torch.manual_seed(11)
torch.set_num_threads(1)
shutil.rmtree(HERE, ignore_errors=True)
common = dict(hidden_size=24, intermediate_size=36, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64, hidden_act='silu')

c = dict(common, architectures=['LlamaForCausalLM'], model_type='llama', num_key_value_heads=4, hidden_size=24, num_attention_heads=2, rms_norm_eps=1e-6, rope_theta=10000.0,
         tie_word_embeddings=False, bos_token_id=1, eos_token_id=2)
c['num_key_value_heads'] = 2
make('llama2-sharded', c, llama_weights(c, False, False, False, False), lambda w, ids, c=c: llama(c, w, ids), shards=3,
     extra={f'model.layers.{i}.self_attn.rotary_emb.inv_freq': frequencies(12, 10000.0, None).float() for i in range(2)})

c = dict(common, architectures=['LlamaForCausalLM'], model_type='llama', hidden_size=32, num_key_value_heads=2, rms_norm_eps=1e-5, rope_theta=500000.0, tie_word_embeddings=True,
         rope_scaling=dict(rope_type='llama3', factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16), eos_token_id=[2, 3])
make('llama3.1-bf16', c, llama_weights(c, False, False, False, False), lambda w, ids, c=c: llama(c, w, ids), dtype=torch.bfloat16)

c = dict(common, architectures=['LlamaForCausalLM'], model_type='llama', num_key_value_heads=1, head_dim=8, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False,
         attention_bias=True, mlp_bias=True, rope_scaling=dict(rope_type='linear', factor=2.0))
make('llama-biases-linear', c, llama_weights(c, True, True, True, False), lambda w, ids, c=c: llama(c, w, ids))

c = dict(common, architectures=['Qwen2ForCausalLM'], model_type='qwen2', hidden_size=32, num_key_value_heads=2, rms_norm_eps=1e-6, rope_theta=1000000.0, tie_word_embeddings=True,
         use_sliding_window=False, sliding_window=32, max_window_layers=2)
make('qwen2.5-fp16', c, llama_weights(c, True, False, False, False), lambda w, ids, c=c: llama(c, w, ids), dtype=torch.float16)

c = dict(common, architectures=['Qwen3ForCausalLM'], model_type='qwen3', num_key_value_heads=2, head_dim=10, rms_norm_eps=1e-6, tie_word_embeddings=False, attention_bias=False,
         rope_parameters=dict(rope_type='default', rope_theta=1000000.0), use_sliding_window=False, sliding_window=None, layer_types=['full_attention'] * 2)
make('qwen3', c, llama_weights(c, False, False, False, True), lambda w, ids, c=c: llama(c, w, ids))

c = dict(common, architectures=['Qwen3ForCausalLM'], model_type='qwen3', num_key_value_heads=4, head_dim=6, rms_norm_eps=1e-6, rope_theta=10000.0, tie_word_embeddings=True, attention_bias=True)
make('qwen3-biases', c, llama_weights(c, True, True, False, True), lambda w, ids, c=c: llama(c, w, ids))

c = dict(architectures=['GPT2LMHeadModel'], model_type='gpt2', n_embd=24, n_layer=2, n_head=3, n_positions=48, layer_norm_epsilon=1e-5, activation_function='gelu_new', tie_word_embeddings=True)
make('gpt2-bare', c, gpt2_weights(c, ''), lambda w, ids, c=c: gpt2(c, w, ids, ''),
     extra={f'h.{i}.attn.bias': torch.ones(1, 1, 48, 48).tril() for i in range(2)})

c = dict(architectures=['GPT2LMHeadModel'], model_type='gpt2', n_embd=24, n_layer=2, n_head=4, n_inner=40, n_positions=64, layer_norm_epsilon=1e-6, activation_function='gelu_new', tie_word_embeddings=False)
make('gpt2-untied', c, gpt2_weights(c, 'transformer.'), lambda w, ids, c=c: gpt2(c, w, ids, 'transformer.'))
