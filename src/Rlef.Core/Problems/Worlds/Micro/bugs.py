"""Runs a program and broken versions of it on the same inputs.

Reads {"program", "variants", "inputs", "count", "seed", "steps"} as JSON from standard input: a program that reads and prints, broken versions of it
that its author knows by kind, inputs, how many broken versions are wanted, and how many steps (lines run) the program may take on an input, where it
has loops that may run on. Writes {"normal", "outputs", "bugs"}: the program in the spelling that broken ones have, what it prints on each input or null
where it fails, and [kind, program, outputs] of each broken one.
A broken program may take a few times the steps that the right one took at most; after the first input on which it takes more, the rest are null.
Programs that behave alike on all inputs are given once, and those that behave as the right one are left out.
"""
import ast
import copy
import io
import json
import keyword
import random
import sys
import tokenize

VALUES = {'None', 'True', 'False'}


class OutOfSteps(BaseException):
    pass


def compact(source):
    """The spelling of the grammar: blanks only where Python or the eye needs them."""
    text, last, begins, depth = [], None, True, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.INDENT:
            depth += 1
        elif token.type == tokenize.DEDENT:
            depth -= 1
        elif token.type in (tokenize.NEWLINE, tokenize.NL):
            if not begins:
                text.append('\n')
            begins = True
        elif token.type != tokenize.ENDMARKER:
            if begins:
                text.append('    ' * depth)
            elif is_word(last) and (is_word(token) or token.type in (tokenize.NUMBER, tokenize.STRING) or is_keyword(last) and token.string not in ',:)]'):
                text.append(' ')
            elif is_keyword(token) and (last.type in (tokenize.NUMBER, tokenize.STRING) or last.string in ')]}'):
                text.append(' ')
            text.append(token.string)
            last, begins = token, False
    return ''.join(text)


def is_word(token):
    return token.type == tokenize.NAME


def is_keyword(token):
    return token.type == tokenize.NAME and keyword.iskeyword(token.string) and token.string not in VALUES


def may_run_on(tree):
    """Whether the program may take far more steps than its input has characters."""
    return any(isinstance(node, (ast.While, ast.FunctionDef)) or isinstance(node, ast.Call) and names(node) >= {'range', 'n'}
               for node in ast.walk(tree))


def names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def run(code, given, steps):
    """What the program prints, how many steps it took, and whether they ran out; steps are counted if there are any."""
    lines, printed, left = iter(given.split('\n')), io.StringIO(), [steps]

    def count(frame, event, argument):
        left[0] -= 1
        if left[0] < 0:
            raise OutOfSteps
        return count

    def read():
        line = next(lines, None)
        if line is None:
            raise EOFError
        return line

    def write(*values, sep=' ', end='\n'):
        print(*values, sep=sep, end=end, file=printed)
    if steps:
        sys.settrace(count)
    try:
        exec(code, {'input': read, 'print': write})
    except OutOfSteps:
        return None, steps, True
    except (Exception, SystemExit):
        return None, steps - left[0], False
    finally:
        sys.settrace(None)
    return printed.getvalue(), steps - left[0], False


def behaviour(program, inputs, steps):
    try:
        tree = ast.parse(program)
        code = compile(tree, 'program', 'exec')
    except SyntaxError:
        return [None] * len(inputs), 0
    if not may_run_on(tree):
        steps = 0
    outputs, most = [], 0
    for given in inputs:
        output, taken, out = run(code, given, steps)
        outputs.append(output)
        most = max(most, taken)
        if out:
            outputs += [None] * (len(inputs) - len(outputs))
            break
    return outputs, most


def number(value):
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def changed(node, **fields):
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def shifted(node, by):
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return number(node.value + by)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.right, ast.Constant):
        value = (node.right.value if isinstance(node.op, ast.Add) else -node.right.value) + by
        return node.left if value == 0 else ast.BinOp(node.left, ast.Add() if value > 0 else ast.Sub(), ast.Constant(abs(value)))
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mod, ast.Mod: ast.FloorDiv}
BORDERS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITES = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In}
NAMES = {'max': 'min', 'min': 'max', 'any': 'all', 'all': 'any'}


def replacements(node):
    """Yields (kind of bug, what stands in the node's place); None removes a statement."""
    match node:
        case ast.Compare():
            for i, op in enumerate(node.ops):
                for kind, table in (('border', BORDERS), ('operator', OPPOSITES)):
                    if type(op) in table:
                        yield kind, changed(node, ops=[*node.ops[:i], table[type(op)](), *node.ops[i + 1:]])
            if isinstance(node.comparators[-1], ast.Constant) and type(node.comparators[-1].value) is int:
                yield 'number', changed(node, comparators=[*node.comparators[:-1], shifted(node.comparators[-1], 1)])
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPERATORS:
            yield 'operator', changed(node, op=OPERATORS[type(op)]())
        case ast.BoolOp(values=[first, *_]):
            yield 'operator', changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            yield 'missing condition', first
            yield 'missing condition', node.values[-1]
        case ast.UnaryOp(op=ast.Not()):
            yield 'operator', node.operand
        case ast.Assign(value=ast.Constant(value=int() | None as value)) if not isinstance(value, bool):
            yield 'initial value', changed(node, value=number(1 if value == 0 else 0))
        case ast.Slice():
            if node.upper:
                yield 'off by one', changed(node, upper=shifted(node.upper, -1))
            if node.lower:
                yield 'off by one', changed(node, lower=shifted(node.lower, 1))
        case ast.Subscript(value=ast.Name() as name, slice=ast.Slice(lower=None, upper=None, step=None)):
            yield 'aliasing', name
        case ast.Name(id=name, ctx=ast.Load()) if len(name) == 1:
            yield 'unknown name', ast.Name('y', ast.Load())
        case ast.Subscript(slice=ast.BinOp() | ast.Name() as index, ctx=ast.Load()):
            yield 'off by one', changed(node, slice=shifted(index, 1))
            yield 'off by one', changed(node, slice=shifted(index, -1))
        case ast.Call(func=ast.Name(id='range'), args=args):
            yield 'off by one', changed(node, args=[*args[:-1], shifted(args[-1], -1)])
            yield 'off by one', changed(node, args=[*args[:-1], shifted(args[-1], 1)])
            if len(args) > 1:
                yield 'off by one', changed(node, args=[shifted(args[0], -1), *args[1:]])
        case ast.Call(func=ast.Name(id=name)) if name in NAMES:
            yield 'operator', changed(node, func=ast.Name(NAMES[name], ast.Load()))
        case ast.If(body=body, orelse=[]):
            yield 'missing branch', None
            yield 'missing condition', body
        case ast.If(body=body, orelse=other):
            yield 'missing branch', body
            yield 'missing branch', changed(node, orelse=[])
        case ast.AugAssign() | ast.Break() | ast.Assign():
            yield 'missing step', None
    match node:
        case ast.Call(keywords=[*_, ast.keyword(arg='default')]):
            yield 'empty list', changed(node, keywords=[])
        case ast.Call(keywords=[ast.keyword(arg='reverse')]):
            yield 'operator', changed(node, keywords=[])
        case ast.AugAssign():
            yield 'missing step', None


def places(tree):
    """Every (list or node, key, node) of the tree, but for the reading of the input and the printing."""
    for field, value in ast.iter_fields(tree):
        items = [(tree, field, value)] if isinstance(value, ast.AST) else [(value, i, item) for i, item in enumerate(value)] if isinstance(value, list) else []
        for holder, key, node in items:
            if not isinstance(node, ast.AST) or 'input()' in ast.unparse(node) or isinstance(tree, ast.Module) and 'print(' in ast.unparse(node):
                continue
            yield holder, key, node
            yield from places(node)


def put(holder, key, new):
    if not isinstance(holder, list):
        setattr(holder, key, new)
        return
    holder[key:key + 1] = [ast.Pass()] if new is None and len(holder) == 1 else [] if new is None else new if isinstance(new, list) else [new]


def broken(program, chance):
    """(kind, program) of broken versions, the kinds taking turns."""
    tree = ast.parse(program)
    found = {}
    for holder, key, node in places(tree):
        for kind, new in replacements(node):
            if new is None and not isinstance(node, ast.stmt):
                continue
            before = list(holder) if isinstance(holder, list) else None
            put(holder, key, new)
            try:
                found.setdefault(kind, []).append(compact(ast.unparse(ast.fix_missing_locations(tree))))
            except ValueError:
                pass
            if before is None:
                setattr(holder, key, node)
            else:
                holder[:] = before
    found['syntax'] = [program[:i] + program[i + 1:] for i, sign in enumerate(program) if sign in '():']
    for programs in found.values():
        chance.shuffle(programs)
    kinds = sorted(found)
    chance.shuffle(kinds)
    while kinds:
        for kind in list(kinds):
            if found[kind]:
                yield kind, found[kind].pop()
            else:
                kinds.remove(kind)


def main():
    asked = json.load(sys.stdin)
    program, inputs = asked['program'], asked['inputs']
    outputs, most = behaviour(program, inputs, asked['steps'])
    kept, seen = [], {json.dumps(outputs)}
    for kind, text in [*asked['variants'].items(), *broken(program, random.Random(asked['seed']))]:
        if len(kept) >= asked['count']:
            break
        shown, _ = behaviour(text, inputs, 3 * most + 1000)
        shown = [None if output is None else other for output, other in zip(outputs, shown)]
        if json.dumps(shown) not in seen:
            seen.add(json.dumps(shown))
            kept.append([kind, text, shown])
    json.dump({'normal': compact(ast.unparse(ast.parse(program))), 'outputs': outputs, 'bugs': kept}, sys.stdout)


if __name__ == '__main__':
    main()
