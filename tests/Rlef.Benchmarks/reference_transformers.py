"""The policy in Hugging Face's transformers, used as its documentation tells: the other yardstick of the benchmarks.

The argument is a JSON object with the model's config.json, what to measure, on which device and in which type. Where transformers is missing, the only line says so.
"""
import json
import sys

try:
    import torch
    import transformers
    from transformers import AutoConfig, AutoModelForCausalLM, StoppingCriteria, StoppingCriteriaList
except ImportError as error:
    print(json.dumps(dict(missing=str(error))), flush=True)
    sys.exit()

from peer_loop import autocast, dispatches, now, serve

given = json.loads(sys.argv[1])
device, dtype, training = given['device'], getattr(torch, given.pop('dtype')), given['measure'] == 'train'
transformers.logging.set_verbosity_error()
torch.manual_seed(0)
model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**given, bos_token_id=None, eos_token_id=None, pad_token_id=None))
model.to(device, torch.float32 if training else dtype)
vocab = given['vocab_size']


def prompts():
    return (torch.arange(given['rows'])[:, None] + torch.arange(given['prompt'])[None]).to(device) % vocab


if training:
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    tokens = torch.randint(vocab, (given['batch'], given['length']), device=device)


def train():
    began = now()
    with autocast(device, dtype):
        loss = model(tokens, labels=tokens).loss
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return now() - began


@torch.no_grad()
def prefill():
    began = now()
    model(prompts(), use_cache=True, logits_to_keep=1)
    return now() - began


class FirstToken(StoppingCriteria):
    """Notes when the prompt's own token is there: what follows is decoding."""
    at = None

    def __call__(self, ids, scores, **_):
        self.at = self.at or now()
        return torch.zeros(len(ids), dtype=torch.bool)


def decode(generated=None):
    first, ids, count = FirstToken(), prompts(), (generated or given['generated']) + 1
    model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=count, pad_token_id=0, stopping_criteria=StoppingCriteriaList([first]))
    return now() - first.at


model.train(training)
measure = dict(train=train, prefill=prefill, decode=decode)[given['measure']]
serve(measure, dispatches(lambda: decode(2)) - dispatches(lambda: decode(1)) if measure is decode else dispatches(measure), transformers=transformers.__version__)
