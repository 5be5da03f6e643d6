"""Makes families/NAME/ beside this file: small random models of every family as transformers writes them, and what transformers computes from them.

Run: python3 make_families.py, with transformers 5. Besides the model's own files each folder holds expected.safetensors: token ids, logits and the
gradient of the mean next-token loss for every weight in 64-bit floats (norms, softmax and rotations in 32, as transformers has them), the greedy
continuation of the first tokens, cosines and sines of far positions, and the root mean square error of the logits when transformers computes in bfloat16.
Files as older releases wrote them are made from the new ones, and transformers computes from what they then are.
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, Qwen2Config, Qwen3Config

HERE = pathlib.Path(__file__).parent / 'families'
B, T, VOCAB, PROMPT, NEW = 2, 24, 48, 7, 12
FAR = [1000, 8191, 60001]


def edit(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content, indent=2) + '\n')


def older(folder):
    """Rotary settings and the weights' type where releases before 5 kept them."""
    def change(config):
        config['torch_dtype'] = config.pop('dtype')
        rope = config.pop('rope_parameters')
        config['rope_theta'] = rope.pop('rope_theta')
        config['rope_scaling'] = {'type' if k == 'rope_type' else k: v for k, v in rope.items()} if len(rope) > 1 else None
    edit(folder / 'config.json', change)


def oldest_llama(folder):
    older(folder)
    edit(folder / 'config.json', lambda c: [c.pop(n) for n in ('num_key_value_heads', 'head_dim', 'attention_bias', 'mlp_bias')])
    # Frequencies used to be saved, too.
    index = json.loads((folder / 'model.safetensors.index.json').read_text())
    first = sorted(set(index['weight_map'].values()))[0]
    extra = {f'model.layers.{i}.self_attn.rotary_emb.inv_freq': torch.rand(4) for i in range(2)}
    save_file({**load_file(folder / first), **extra}, folder / first, metadata={'format': 'pt'})
    edit(folder / 'model.safetensors.index.json', lambda i: i['weight_map'].update({n: first for n in extra}))


def original_qwen2(folder):
    older(folder)
    edit(folder / 'config.json', lambda c: (c.pop('layer_types'), c.update(use_sliding_window=False, sliding_window=16, max_window_layers=1)))


def original_gpt2(folder):
    # Names without the model's own prefix, and the causal masks.
    plain = {n.removeprefix('transformer.'): v for n, v in load_file(folder / 'model.safetensors').items()}
    save_file({**plain, **{f'h.{i}.attn.bias': torch.ones(1, 1, 32, 32).tril() for i in range(2)}}, folder / 'model.safetensors', metadata={'format': 'pt'})


def head_alone(folder):
    # Of two names for one tensor some writers keep the first in the alphabet.
    named = load_file(folder / 'model.safetensors')
    named['lm_head.weight'] = named.pop('model.embed_tokens.weight')
    save_file(named, folder / 'model.safetensors', metadata={'format': 'pt'})


def load(folder, dtype):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation='eager').eval()


def make(name, config, dtype=torch.float32, rewrite=None, shard='1GB', ends=None):
    folder = HERE / name
    model = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for n, p in model.named_parameters():
            scale = 'norm' in n or '.ln_' in n
            p.copy_(torch.rand(p.shape) + 0.5 if scale and n.endswith('weight') else torch.randn(p.shape) * (0.5 if 'embed' in n or 'wte' in n else 0.3))
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    if rewrite:
        rewrite(folder)
    ids = torch.randint(VOCAB, (B, T))
    model = load(folder, torch.float64)
    logits = model(ids).logits
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].reshape(-1, VOCAB), ids[:, 1:].reshape(-1))
    loss.backward()
    expected = {'ids': ids, 'logits': logits, **{'gradients.' + n: p.grad for n, p in model.named_parameters()}}
    prompt = ids[:1, :PROMPT]
    greedy = dict(inputs=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=NEW, pad_token_id=0)
    expected['greedy'] = model.generate(**greedy, eos_token_id=[])[0, PROMPT:]
    if ends:
        # The folder itself now says that a token of the continuation is an end.
        edit(folder / 'generation_config.json', lambda c: c.update(eos_token_id=ends(expected['greedy'].tolist())))
        expected['greedy'] = load(folder, torch.float64).generate(**greedy)[0, PROMPT:]
    expected['bfloat16_error'] = (load(folder, torch.bfloat16)(ids).logits.double() - logits).pow(2).mean().sqrt().reshape(1)
    if config.model_type != 'gpt2' and config.rope_parameters['rope_type'] != 'dynamic':
        expected['cos'], expected['sin'] = (t[0] for t in model.model.rotary_emb(torch.zeros(1), torch.tensor([FAR])))
    save_file({n: v.detach().float().contiguous() for n, v in expected.items()}, folder / 'expected.safetensors')
    print(f"{name}: loss {loss.item():.4f}, bfloat16 off by {expected['bfloat16_error'].item():.4f}, continued by {expected['greedy'].tolist()}")


torch.manual_seed(11)
torch.set_num_threads(1)
shutil.rmtree(HERE, ignore_errors=True)
common = dict(vocab_size=VOCAB, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64, bos_token_id=None,
              eos_token_id=None, pad_token_id=None)


def rope(theta=10000.0, kind='default', **more):
    return dict(rope_type=kind, rope_theta=theta, **more)


make('llama2-sharded', LlamaConfig(**common | dict(num_attention_heads=2, rms_norm_eps=1e-6, rope_parameters=rope())), rewrite=oldest_llama, shard='11KB')
make('llama3.1-bf16', LlamaConfig(**common, num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-5, rope_parameters=rope(
    500000.0, 'llama3', factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)), torch.bfloat16, ends=lambda g: [g[5], 1])
make('llama3.2-fp16-older', LlamaConfig(**common, num_key_value_heads=1, head_dim=8, tie_word_embeddings=True, rms_norm_eps=1e-5, rope_parameters=rope(
    500000.0, 'llama3', factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)), torch.float16, older, ends=lambda g: g[3])
make('llama-biases-linear', LlamaConfig(**common, num_key_value_heads=4, head_dim=6, attention_bias=True, mlp_bias=True, rope_parameters=rope(kind='linear', factor=2.0)), rewrite=older)
make('llama-yarn', LlamaConfig(**common, num_key_value_heads=2, head_dim=12, tie_word_embeddings=True, rope_parameters=rope(
    kind='yarn', factor=4.0, original_max_position_embeddings=16, beta_fast=24.0, beta_slow=2.0, mscale=1.0, mscale_all_dim=0.5, truncate=False)), rewrite=head_alone)
make('llama-dynamic', LlamaConfig(**common, num_key_value_heads=2, rope_parameters=rope(kind='dynamic', factor=2.0)), torch.float16)
make('qwen2-original', Qwen2Config(**common, num_key_value_heads=4, rms_norm_eps=1e-6, rope_parameters=rope(1000000.0)), rewrite=original_qwen2)
make('qwen2.5-bf16', Qwen2Config(**common, num_key_value_heads=2, tie_word_embeddings=True, rope_parameters=rope(1000000.0)), torch.bfloat16)
make('qwen2.5-yarn-older', Qwen2Config(**common, num_key_value_heads=1, head_dim=16, rope_parameters=rope(1000000.0, 'yarn', factor=4.0, original_max_position_embeddings=16)), torch.float16, older)
make('qwen3', Qwen3Config(**common, num_key_value_heads=2, head_dim=10, rope_parameters=rope(1000000.0)), ends=lambda g: g[7])
make('qwen3-biases-older', Qwen3Config(**common, num_key_value_heads=4, head_dim=6, attention_bias=True, tie_word_embeddings=True, rope_parameters=rope()), torch.bfloat16, older)
small = dict(vocab_size=VOCAB, n_embd=16, n_layer=2, n_positions=32, bos_token_id=None, eos_token_id=None)
make('gpt2', GPT2Config(**small, n_head=4), torch.float16, ends=lambda g: g[4])
make('gpt2-original', GPT2Config(**small, n_head=2, n_inner=40, layer_norm_epsilon=1e-6, activation_function='gelu_pytorch_tanh'), rewrite=original_gpt2)
make('gpt2-gelu', GPT2Config(**small, n_head=1, n_inner=24, activation_function='gelu', tie_word_embeddings=False), torch.bfloat16)
