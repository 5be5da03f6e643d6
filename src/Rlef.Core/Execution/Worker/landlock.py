"""Access to files by path (Landlock). The server restricts itself and so every child: whatever else is mounted, such as a container's /proc, /sys
and /etc, cannot be opened. Kernels without it (before 5.13, gVisor) leave that to the mounts."""
import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, BENEATH = 1, 1
WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
TRUNCATE = 1 << 14
NEVER = 1 | 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12   # to run files, and to make devices, sockets, pipes and symbolic links
HANDLED = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}     # every right on files that the kernel's version knows


def restrict(readable, devices, folder):
    """Leaves the caller files and folders to read, devices to read and write, and a folder to make files in. Returns whether the kernel can."""
    version = libc.syscall(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return False
    handled = HANDLED[min(version, 3)]
    ruleset = check(libc.syscall(CREATE_RULESET, struct.pack('<Q', handled), 8, 0))
    for path, rights in [*((p, READ_FILE | READ_DIR) for p in readable), *((p, handled & (READ_FILE | WRITE_FILE | TRUNCATE)) for p in devices), (folder, handled & ~NEVER)]:
        if os.path.exists(path):
            parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
            check(libc.syscall(ADD_RULE, ruleset, BENEATH, struct.pack('<Qi', rights, parent), 0))
            os.close(parent)
    check(libc.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return True


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), 'landlock')
    return result
