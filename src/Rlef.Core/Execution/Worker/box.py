"""The folder that a program finds itself in: empty, writable, bounded in bytes and files by the mount that it is, and read by nobody after it."""
import os

PATH = b'/box'


def make_input():
    """Where another folder lies over /proc, the path that /dev/stdin leads to is made in it; nothing else can be made there then."""
    if os.path.exists('/dev/stdin'):
        return
    os.makedirs('/proc/self/fd', 0o700)
    with open('/proc/self/fd/0', 'xb'):
        pass
    for folder in ('/proc/self/fd', '/proc/self', '/proc', '/sys'):
        os.chmod(folder, 0o500)


def enter():
    """Makes it the working folder again, and empty, for another test of the same process."""
    os.chdir(PATH)
    empty()


def empty():
    """Removes what a program left. Folders are taken apart from above, since paths into deep ones would be too long."""
    while names := os.listdir(PATH):
        for name in names:
            remove(PATH + b'/' + name)


def remove(path):
    try:
        os.unlink(path)
    except OSError:
        open_up(path)
        for name in os.listdir(path):
            child = path + b'/' + name
            try:
                os.unlink(child)
            except OSError:
                open_up(child)                 # a folder that may not be written cannot be moved
                os.rename(child, PATH + b'/' + os.urandom(16).hex().encode())
        os.rmdir(path)


def open_up(folder):
    """Programs cannot change modes, but may have set a mask for those of new folders."""
    if os.stat(folder).st_mode & 0o700 != 0o700:
        os.chmod(folder, 0o700)


def put(name, content):
    """A file for the program to read."""
    with open(name, 'wb') as file:
        file.write(content)


def take(name, target, most):
    """Makes the target hold what the program wrote to a file, where it did."""
    try:
        with open(name, 'rb') as file:
            content = file.read(most)
    except OSError:
        return
    os.ftruncate(target, 0)
    at = 0
    while at < len(content):
        at += os.pwrite(target, content[at:], at)
