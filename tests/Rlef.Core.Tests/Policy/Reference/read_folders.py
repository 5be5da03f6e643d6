"""Reads model folders with transformers and says what is amiss.

The argument is a folder of folders. Each holds a model as it was saved, and ours.json: token ids, the logits that the writer computed and how near they must
come, texts and their ids, dialogues and what the chat template made of them. With adapters/ beside it, the logits are those of model and adapters together.
Prints a JSON array of complaints.
"""
import json
import logging
import pathlib
import sys
import warnings

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

complaints = []
logging.getLogger('transformers').addHandler(type('Listener', (logging.Handler,), dict(emit=lambda _, record: heard.append(record.getMessage())))())
warnings.showwarning = lambda message, *_: heard.append(str(message))


def adapt(model, folder):
    """What PEFT does with a folder of adapters: W x + alpha / r B A x for the modules whose last name is a target."""
    config = json.loads((folder / 'adapter_config.json').read_text())
    products = load_file(folder / 'adapter_model.safetensors')
    modules = dict(model.named_modules())
    places = {'base_model.model.' + n for n in modules if n.rsplit('.', 1)[-1] in config['target_modules']}
    if {n.rsplit('.', 2)[0] for n in products} != places:
        complain(f'adapters for {sorted({n.rsplit(".", 2)[0] for n in products} ^ places)} are missing or have no place')
    for place in places:
        a, b = (products[f'{place}.lora_{x}.weight'] for x in 'AB')
        product = b @ a * (config['lora_alpha'] / config['r'])
        module = modules[place.removeprefix('base_model.model.')]
        if config['fan_in_fan_out'] != (type(module).__name__ == 'Conv1D'):
            complain('fan_in_fan_out does not fit the module')
        module.weight.data += product.t() if config['fan_in_fan_out'] else product


for folder in sorted(p.parent for p in pathlib.Path(sys.argv[1]).glob('*/ours.json')):
    heard = []

    def complain(what):
        complaints.append(f'{folder.name}: {what}')

    ours = json.loads((folder / 'ours.json').read_text())
    try:
        model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
        for kind, names in info.items():
            if names:
                complain(f'{kind}: {names}')
        if str(model.dtype) != 'torch.' + ours['dtype']:
            complain(f"the weights are {model.dtype}, not {ours['dtype']}")
        if (folder / 'adapters').exists():
            adapt(model, folder / 'adapters')
        with torch.no_grad():
            logits = model.eval()(torch.tensor(ours['ids'])).logits.float()
        error = (logits - torch.tensor(ours['logits'])).abs().max().item() / logits.abs().max().item()
        if not error <= ours['tolerance']:
            complain(f'logits are off by {error:.2e} of the largest')
        ends = model.generation_config.eos_token_id
        if (ends if isinstance(ends, list) else [] if ends is None else [ends]) != ours['ends']:
            complain(f"generation ends at {ends}, not {ours['ends']}")
        tied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
        with safe_open(folder / 'model.safetensors', 'pt') as file:
            if tied != ('lm_head.weight' not in file.keys()) or tied != model.config.tie_word_embeddings:
                complain('head and embedding are tied in one place and not in another')
        tokenizer = AutoTokenizer.from_pretrained(folder)
        for text, ids in ours['texts'].items():
            if tokenizer(text)['input_ids'] != ids:
                complain(f"{text!r} has the ids {tokenizer(text)['input_ids']}, not {ids}")
        for dialogue in ours['dialogues']:
            text = tokenizer.apply_chat_template(dialogue['messages'], tokenize=False, add_generation_prompt=dialogue['prompt'])
            if text != dialogue['text']:
                complain(f"the chat template gives {text!r}, not {dialogue['text']!r}")
    except Exception as error:
        complain(f'{type(error).__name__}: {error}')
    for what in heard:
        complain(what)
print(json.dumps(complaints))
