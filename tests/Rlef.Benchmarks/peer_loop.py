"""What a Python side of a benchmark says: a line about itself, then for each line of input, a number of threads, the milliseconds of one round."""
import ctypes
import json
import os
import sys
import time

# The profiler would talk.
os.environ['KINETO_LOG_LEVEL'] = '99'

import torch
from torch.autograd.profiler import profile

try:
    openblas = ctypes.CDLL('libopenblas.so.0')
except OSError:
    openblas = None


def now():
    """The time when a GPU has done what was asked of it."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def autocast(device, dtype):
    """Training in 16 bits computes in them, and keeps the weights in 32."""
    return torch.autocast(device.split(':')[0], dtype=torch.bfloat16, enabled=dtype != torch.float32)


def dispatches(work):
    """ATen operators that are dispatched, those inside of others included, be it by Python, the backward pass or the optimizer."""
    work()
    with profile() as recorded:
        work()
    return sum(e.name.startswith('aten::') for e in recorded.function_events)


def serve(measure, dispatched, **versions):
    """measure() makes one round and returns its seconds."""
    print(json.dumps(dict(versions, torch=torch.__version__, dispatches=dispatched)), flush=True)
    for line in sys.stdin:
        torch.set_num_threads(int(line))
        if openblas:
            openblas.openblas_set_num_threads(int(line))
        print(measure() * 1e3, flush=True)
