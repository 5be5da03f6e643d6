"""Packages of the machine that programs may import beside the standard library. The zygote imports them once, so that a program's own import finds them
loaded: to load numpy takes a hundred times as long as to make a process."""
import _thread
import importlib
import mmap
import os
import resource
import sys
import time

PATH = '/packages'


def load(names):
    """Imports them. Returns the processor time that it took, in seconds, and the address space that every process begins with for it, in bytes; or an error."""
    for library in ('OPENBLAS', 'OMP', 'MKL'):
        os.environ[library + '_NUM_THREADS'] = '1'     # a fork has none of the threads, and a program is one processor's work
    sys.path.append(PATH)
    began, before = time.process_time(), address_space()
    for name in names:
        try:
            importlib.import_module(name)
        except BaseException as error:
            return {'error': f'{name} cannot be imported in the sandbox: {type(error).__name__}: {error}'}
        if _thread._count() > 0:
            return {'error': f'{name} starts threads when it is imported, which no fork has'}
    if numpy := sys.modules.get('numpy'):
        numpy.random.seed(0)                   # as Python's own generator: what a program draws is the same each time
    return {'seconds': time.process_time() - began, 'room': address_space() - before}


def address_space():
    """Bytes of the caller's address space that are in use, as its limit counts them: the lowest limit under which a page more is granted."""
    unlimited, low, high = resource.getrlimit(resource.RLIMIT_AS), 0, 1 << 40
    try:
        while high - low > mmap.PAGESIZE:
            middle = (low + high) // 2
            resource.setrlimit(resource.RLIMIT_AS, (middle, unlimited[1]))
            try:
                mmap.mmap(-1, mmap.PAGESIZE).close()
                high = middle
            except (OSError, MemoryError):
                low = middle
    finally:
        resource.setrlimit(resource.RLIMIT_AS, unlimited)
    return high
