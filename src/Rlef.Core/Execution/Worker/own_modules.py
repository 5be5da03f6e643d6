"""Modules that a program finds in its own folder, where it wrote them itself, or which are the program once more."""
import os
import sys
from importlib.machinery import BYTECODE_SUFFIXES, SOURCE_SUFFIXES, FileFinder, SourceFileLoader, SourcelessFileLoader
import box

PATH = box.PATH.decode()
found = set()       # the paths in that folder that a program has imported from
itself = {}         # the program's text by the name of its module: its file is made once it is imported


class Finder(FileFinder):
    """Python's own believes that nothing changed in a folder while the time of the last change is the same. The clock of the file system goes in steps that are
    longer than many a test."""

    def find_spec(self, name, target=None):
        if name in itself and self.path == PATH and not os.path.exists(f'{PATH}/{name}.py'):
            box.put(f'{PATH}/{name}.py', itself[name])
        self.invalidate_caches()
        return super().find_spec(name, target)


def hook(path):
    """An entry of sys.path_hooks."""
    finder = Finder(path, (SourceFileLoader, SOURCE_SUFFIXES), (SourcelessFileLoader, BYTECODE_SUFFIXES))
    if not is_own(finder.path) or not os.path.isdir(finder.path):
        raise ImportError(path)
    found.add(path)
    return finder


def is_own(path):
    return isinstance(path, str) and (path + '/').startswith(PATH + '/')


def find():
    """The first of the paths is the program's folder from now on, as that of a script is."""
    sys.path.insert(0, PATH)
    sys.path_hooks.insert(0, hook)


def forget():
    """Another test finds an empty folder, and none of the modules that were in it."""
    if not found:
        return
    for path in found:
        sys.path_importer_cache.pop(path, None)
    found.clear()
    for name, module in [*sys.modules.items()]:
        if is_own(getattr(module, '__file__', None)) or any(map(is_own, getattr(module, '__path__', ()))):
            del sys.modules[name]
