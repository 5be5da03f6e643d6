"""What threads take of the address space, which a program's memory limit bounds, used or not."""
import _thread
import ctypes

STACK = 8 << 20


def limit():
    """Of the zygote, and so of every program. A thread's stack, unless it asks for another: without it, as much as the main thread may use at most, since that
    is what the server began with. And no memory for its own allocations: one thread at a time makes any."""
    libc, attributes = ctypes.CDLL(None), ctypes.create_string_buffer(64)
    libc.mallopt(-8, 1)                        # M_ARENA_MAX
    libc.pthread_attr_init(attributes)
    libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(STACK))
    libc.pthread_setattr_default_np(attributes)
    for name in ('start_new_thread', 'start_new', 'start_joinable_thread'):
        if hasattr(_thread, name):
            setattr(_thread, name, with_room(getattr(_thread, name)))


def with_room(start, stack_size=_thread.stack_size):
    """Programs ask for stacks of which they use little. One that does not fit is a quarter of what was asked for, or a quarter of that."""
    def start_new_thread(*args, **kwargs):
        asked = size = stack_size()            # to ask sets it back
        stack_size(asked)
        try:
            while True:
                try:
                    return start(*args, **kwargs)
                except RuntimeError:
                    if size <= STACK:
                        raise
                    size = max(STACK, size >> 2)
                    stack_size(size)
        finally:
            stack_size(asked)
    return start_new_thread
