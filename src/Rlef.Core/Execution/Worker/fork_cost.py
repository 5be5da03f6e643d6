"""Makes forks cheaper: a process of a program is through in about the time that the kernel needs to make it and to give it pages of its own."""
import ctypes

LOAD, EXECUTE, WRITE, READ, PAGE, WORTH = 1, 1, 2, 4, 4096, 20
POOL, HEAD, SMALL, STEP = 1 << 14, 48, 512, 16   # of Python's allocator of small objects


class Header(ctypes.Structure):
    _fields_ = [('type', ctypes.c_uint32), ('flags', ctypes.c_uint32), ('offset', ctypes.c_uint64), ('address', ctypes.c_uint64),
                ('physical', ctypes.c_uint64), ('file_size', ctypes.c_uint64), ('size', ctypes.c_uint64), ('alignment', ctypes.c_uint64)]


class Loaded(ctypes.Structure):
    _fields_ = [('base', ctypes.c_uint64), ('name', ctypes.c_char_p), ('headers', ctypes.POINTER(Header)), ('count', ctypes.c_uint16)]


def copy_on_fork():
    """Lets forks copy the page table entries of the interpreter's code and constants.

    The kernel leaves these out where a mapping holds nothing but a file's pages, and every process would find them again by a fault for each few pages.
    Once one page of a mapping was written, the entries of all are copied. Where a mapping cannot be made writable for a moment, it stays as it was.
    """
    libc, found = ctypes.CDLL(None), []
    libc.mprotect.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Loaded), ctypes.c_size_t, ctypes.c_void_p)
    def see(loaded, size, data):
        file = loaded.contents
        for header in file.headers[:file.count]:
            if header.type == LOAD and not header.flags & WRITE and b'vdso' not in (file.name or b''):
                start = file.base + header.address & -PAGE
                found.append((start, (file.base + header.address + header.size - start + PAGE - 1) // PAGE, header.flags))
        return 0

    libc.dl_iterate_phdr(see, None)
    for start, pages, flags in found:
        protection = (flags & READ) >> 2 | (flags & EXECUTE) << 2
        if pages >= WORTH and libc.mprotect(start, pages * PAGE, protection | WRITE) == 0:
            first = ctypes.c_char.from_address(start)
            first.value = first.value
            libc.mprotect(start, pages * PAGE, protection)


def fill_pools():
    """Objects in every gap between those that are here now; to be kept.

    A process would put its first objects into the gaps, a few on each of many pages, and be given a copy of every one of these pages. So it begins with
    an empty pool of each size instead. Under another allocator, there are some objects more.
    """
    kept = []
    for size in range(STEP, SMALL + 1, STEP):
        for _ in range((1 << 18) // size):
            kept.append(object() if size == 16 else 1 << 40 | len(kept) if size == 32 else bytes(size - 34))
            if id(kept[-1]) % POOL == HEAD:
                kept.pop()                     # the first of an empty pool
                break
    return kept
