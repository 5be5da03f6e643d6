"""The names that a program finds, those that it makes, the levels of recursion that it has, and the calls of its function."""
import builtins, sys, types  # noqa: E401
import own_modules
import rlef_values

PROGRAM, MODULE, PREAMBLE = 'solution.py', 'solution', 'preamble'
PATH = f'{own_modules.PATH}/{PROGRAM}'
DEPTH, DEEPEST = 4000, (1 << 31) - 1   # levels that a conversion of values is given beside those of the program, and the most that Python takes
below = [0]         # levels of recursion that stand below a program; they are none of its own
set_limit, get_limit = sys.setrecursionlimit, sys.getrecursionlimit


def setrecursionlimit(limit, /):
    """Set the maximum depth of the Python interpreter stack to n."""
    set_limit(min(limit + below[0], DEEPEST) if isinstance(limit, int) and 0 < limit <= DEEPEST else limit)


def getrecursionlimit():
    """Return the current value of the recursion limit."""
    return get_limit() - below[0]


def measure_below():
    """To be called where a program is executed, by the first of all processes: the others inherit it."""
    frame, levels = sys._getframe(1), 1        # the built-in function that executes is one
    while frame is not None:
        frame, levels = frame.f_back, levels + 1
    set_limit(get_limit() + levels)
    below[0] = levels


class Builtins(types.ModuleType):
    """The module builtins, where there is a preamble: it holds what Python does, and what the program changes there is changed among the names that it finds."""
    names = {}

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        self.names[name] = value

    def __delattr__(self, name):
        super().__delattr__(name)
        self.names.pop(name, None)


def with_names_of(preamble):
    """The built-in names and those that the preamble makes. The program's own names come before them, and none of them is its own."""
    made, both = types.ModuleType(PREAMBLE), types.ModuleType('builtins')
    sys.modules[PREAMBLE], sys.modules['builtins'] = made, builtins
    exec(preamble, made.__dict__)
    rlef_values.KINDS.update((name, kind) for name, kind in made.__dict__.items() if isinstance(kind, type) and kind.__module__ == PREAMBLE)
    both.__dict__.update(builtins.__dict__)
    both.__dict__.update((name, value) for name, value in made.__dict__.items() if name[:2] != '__')
    Builtins.names = both.__dict__
    sys.modules['builtins'] = changeable = Builtins('builtins')
    changeable.__dict__.update(builtins.__dict__)
    return both


def adopt(names):
    """A class of the problem's own that the program makes anew takes its place, as where both stand in one text: arguments are of it. One that cannot be
    called as the sets call theirs, with one argument, is the program's alone."""
    for name in rlef_values.KINDS:
        own = names.get(name)
        if isinstance(own, type) and rlef_values.made_by(own) is not None:
            rlef_values.KINDS[name] = sys.modules[PREAMBLE].__dict__[name] = own
            rlef_values.OWN.add(own)


def execute(code, job):
    """The program's names, once it ran: as the main module, or for calls of its function as one that is imported."""
    module = types.ModuleType('__main__' if job['entry'] is None else MODULE)
    sys.modules['__main__'] = sys.modules[module.__name__] = module
    names = module.__dict__
    names['__file__'] = PATH
    if job['entry'] is None:
        names['__cached__'] = None
        if sys.version_info < (3, 14):
            names['__annotations__'] = {}
    names['__builtins__'] = with_names_of(job['preamble']) if job['preamble'] else builtins
    if not below[0]:
        measure_below()
    exec(code, names)
    if rlef_values.KINDS:
        adopt(names)
    if job['entry'] is not None:
        if method(names, job['entry']) is None:
            raise NameError(f"name '{job['entry'].rpartition('.')[2]}' is not defined")
        if job['setup']:
            exec(job['setup'], names)
    return names


def method(names, entry):
    """What a call goes to: a function, or the class Solution whose method it is. An entry of the form Class.method goes to the class if there is one, any
    other to the function. None where the program has neither."""
    owner, _, name = entry.rpartition('.')
    function, kind = names.get(name), names.get(owner or 'Solution')
    return kind if kind is not None and hasattr(kind, name) and (owner or function is None) else function


def call(names, entry, text):
    """Calls the function with a JSON array of arguments; a text that starts with = is an expression over the program's names. Returns the value, and the
    problem's own objects among the arguments."""
    name, function = entry.rpartition('.')[2], method(names, entry)
    if isinstance(function, type) and function is not names.get(name):
        function = getattr(function(), name)
    if text.startswith('='):
        code = compile(text[1:], 'test', 'eval', dont_inherit=True)
        return eval(code, names if names.get(name) is function else {**names, name: function}), ()
    arguments = deeply(rlef_values.from_text, text)
    given = rlef_values.encode_graph(arguments)[1] if rlef_values.KINDS else ()
    return function(*arguments), given


def deeply(convert, *given):
    """What is converted may nest as deeply as the program itself may go, and the conversion goes several levels for each of its."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(min(4 * limit + DEPTH, DEEPEST))
    try:
        return convert(*given)
    finally:
        sys.setrecursionlimit(limit)
