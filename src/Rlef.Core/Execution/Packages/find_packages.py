"""Finds what belongs to packages of this machine, for programs in a sandbox. Runs outside of it, by the interpreter that programs get.

    find_packages.py MODULE...

Prints one JSON object:
    standard   modules asked for that belong to Python itself
    missing    modules asked for that are not here
    packages   {module: version} of those asked for and of those that these require
    entries    {name: path} of their files and folders; together in one folder, they can be imported
    libraries  shared libraries that these load, beside their own
    links      {path: target} of links outside of /usr that lead to the libraries
"""
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys


def normal(name):
    return re.sub('[-_.]+', '-', name).lower()


def required(distribution):
    """Names of the distributions that it requires, those of its extras left out."""
    for text in distribution.requires or ():
        name, _, marker = text.partition(';')
        if 'extra' not in marker:
            yield normal(re.match(r'[\w.-]+', name)[0])


def parts(distribution):
    """Files and folders of the distribution in its site folder, where it says so, and those with its description."""
    if described := getattr(distribution, '_path', None):
        yield str(described)
    if distribution.read_text('RECORD') is not None:
        for name in {file.parts[0] for file in distribution.files}:
            if name not in ('..', '/', '__pycache__') and not name.endswith('.pth'):
                yield str(distribution.locate_file(name))


def find(names):
    owners, modules = importlib.metadata.packages_distributions(), {}
    for module, distributions in owners.items():
        for distribution in distributions:
            modules.setdefault(normal(distribution), []).append(module)
    found = {'standard': [], 'missing': [], 'packages': {}, 'entries': {}}
    left, seen = list(names), set()
    while left:
        name = left.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in sys.stdlib_module_names:
            found['standard'].append(name)
            continue
        spec = importlib.util.find_spec(name)
        if spec is None:
            if name in names:
                found['missing'].append(name)
            continue
        version, paths = '', list(spec.submodule_search_locations or [spec.origin])
        for distribution in map(importlib.metadata.distribution, owners.get(name, ())):
            version = distribution.version
            paths += parts(distribution)
            for other in required(distribution):
                left += modules.get(other, [other.replace('-', '_')])
        found['packages'][name] = version
        for path in paths:
            found['entries'].setdefault(os.path.basename(path), path)
    return found


def shared_objects(path):
    if os.path.isfile(path):
        yield path
    for folder, _, names in os.walk(path):
        yield from (os.path.join(folder, name) for name in names)


def libraries(entries):
    own = [path for entry in entries for path in shared_objects(entry) if re.search(r'\.so(\.\d+)*$', path)]
    if not own:
        return []
    listed = subprocess.run(['ldd', *own], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return sorted({path for path in re.findall(r'=> (/\S+) \(', listed) if os.path.realpath(path) not in map(os.path.realpath, own)})


def links(path):
    while os.path.islink(path):
        target = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        if not path.startswith(('/usr/', '/lib')):
            yield path, target
        path = target


found = find(sys.argv[1:])
found['libraries'] = libraries(found['entries'].values())
found['links'] = dict(link for path in found['libraries'] for link in links(path))
print(json.dumps(found))
