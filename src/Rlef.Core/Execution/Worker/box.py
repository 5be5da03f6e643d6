"""The folder that a program finds itself in: empty, writable, bounded in bytes and files by the mount that it is, and read by nobody after it."""
import os

PATH = b'/box'
empty_size = None   # the folder's own while nothing is in it, where that grows with every entry, as in memory; to read it is cheaper than to list the folder


def make_standard_files():
    """Where another folder lies over /proc, the paths that /dev/stdin, /dev/stdout and /dev/stderr lead to are made in it; nothing else can be made there then."""
    if os.path.exists('/dev/stdin'):
        return
    os.makedirs('/proc/self/fd', 0o700)
    for number in '01':
        with open('/proc/self/fd/' + number, 'xb'):
            pass
    os.symlink('/dev/null', '/proc/self/fd/2')
    for folder in ('/proc/self/fd', '/proc/self', '/proc', '/sys'):
        os.chmod(folder, 0o500)


def measure():
    """Of the empty folder, once."""
    global empty_size
    size, file = os.stat(PATH).st_size, PATH + b'/entry'
    with open(file, 'xb'):
        pass
    empty_size = size if os.stat(PATH).st_size > size else None
    os.unlink(file)


def enter():
    """Makes it the working folder again, and empty, for another test of the same process."""
    os.chdir(PATH)
    empty()


def empty():
    """Removes what a program left. Folders are taken apart from above, since paths into deep ones would be too long. A level takes few calls: to remove folders
    without end must not take much longer than to make them."""
    if os.stat(PATH).st_size == empty_size or not os.listdir(PATH):
        return
    folders, moved = take_apart(PATH), 0
    prefix = PATH + b'/' + os.urandom(8).hex().encode() if folders else None
    while folders:
        folder = folders.pop()
        for child in take_apart(folder):
            moved += 1
            folders.append(prefix + b'%d' % moved)
            os.rename(child, folders[-1])
        os.rmdir(folder)


def take_apart(folder):
    """Removes the files in a folder. Returns the folders in it, which can be entered and moved then."""
    with os.scandir(folder) as found:
        entries = list(found)
    folders = []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            open_up(entry.path)
            folders.append(entry.path)
        else:
            os.unlink(entry.path)
    return folders


def open_up(folder):
    """Programs cannot change modes, but may have set a mask for those of new folders."""
    if os.stat(folder).st_mode & 0o700 != 0o700:
        os.chmod(folder, 0o700)


def utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
    """os.utime for programs. It has no effect, since others would see what times a shared file has; but a file that is missing is told of, to be made then."""
    os.stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)


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
