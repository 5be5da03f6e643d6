"""Mutants of a Python program: each differs from it by one small change of its syntax tree.

Reads {"program", "count", "seed"} as JSON from standard input, and writes at most count triples [operator, line, program] as JSON.
Operators take turns, and which of an operator's changes are taken is drawn by the seed. Every mutant is a different text that compiles;
some behave as the program does all the same, and those of the operator rewrite should.
"""
import ast
import copy
import json
import random
import sys

ARITHMETIC = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Add, ast.FloorDiv), ast.Div: (ast.FloorDiv, ast.Mult), ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,), ast.Pow: (ast.Mult,), ast.LShift: (ast.RShift,), ast.RShift: (ast.LShift,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.BitXor: (ast.BitOr,),
}
COMPARISON = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt,), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt,), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}
MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}
REMOVABLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Break, ast.Continue, ast.Return, ast.Assert, ast.Raise, ast.Delete)
UNTOUCHED = ('annotation', 'returns', 'decorator_list', 'type_comment')


def slots(tree):
    """Every place of the tree that holds a node, as (holder, key, node): holder is a node or a list."""
    for field, value in ast.iter_fields(tree):
        if field in UNTOUCHED or isinstance(tree, ast.JoinedStr):
            continue
        if isinstance(value, ast.AST):
            yield tree, field, value
            yield from slots(value)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield value, index, item
                    yield from slots(item)


def changed(node, **fields):
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def added(node, number):
    return ast.BinOp(node, ast.Add() if number > 0 else ast.Sub(), ast.Constant(abs(number)))


def called(name, *arguments):
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def replacements(node):
    """Yields (operator, node to stand in this one's place)."""
    match node:
        case ast.BinOp() | ast.AugAssign():
            for new in ARITHMETIC.get(type(node.op), ()):
                yield 'arithmetic', changed(node, op=new())
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for new in COMPARISON[type(operator)]:
                    yield 'comparison', changed(node, ops=[*node.ops[:index], new(), *node.ops[index + 1:]])
            if len(node.ops) == 1 and type(node.ops[0]) in MIRRORED:
                yield 'rewrite', ast.Compare(node.comparators[0], [MIRRORED[type(node.ops[0])]()], [node.left])
        case ast.BoolOp():
            yield 'boolean', changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            yield 'boolean', node.values[0]
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield 'boolean' if isinstance(node.op, ast.Not) else 'arithmetic', node.operand
        case ast.Constant(value=bool()):
            yield 'boolean', ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield 'constant', ast.Constant(node.value + 1)
            yield 'constant', ast.Constant(node.value - 1)
        case ast.Constant(value=float()):
            yield 'constant', ast.Constant(node.value + 1)
            yield 'constant', ast.Constant(node.value * (1 + 1e-9))
        case ast.Slice():
            yield 'slice', changed(node, lower=added(node.lower, 1) if node.lower else ast.Constant(1))
            if node.upper:
                yield 'slice', changed(node, upper=added(node.upper, -1))
                yield 'slice', changed(node, upper=None)
        case ast.Subscript(ctx=ast.Load(), slice=index) if not isinstance(index, (ast.Slice, ast.Tuple)):
            yield 'slice', changed(node, slice=added(index, -1))
        case ast.IfExp():
            yield 'boolean', changed(node, body=node.orelse, orelse=node.body)
        case ast.If() | ast.While():
            yield 'boolean', changed(node, test=ast.UnaryOp(ast.Not(), node.test))
            if isinstance(node, ast.If) and node.orelse:
                yield 'rewrite', changed(node, test=ast.UnaryOp(ast.Not(), node.test), body=node.orelse, orelse=node.body)
        case ast.Call(func=ast.Name(id='print')):
            yield 'output', changed(node, keywords=[*(k for k in node.keywords if k.arg != 'end'), ast.keyword('end', ast.Constant(' '))])
            if node.args:
                yield 'output', changed(node, args=[*node.args, node.args[-1]])
                yield 'output', changed(node, args=node.args[:-1])
        case ast.Call(func=ast.Name(id='range')) if node.args:
            yield 'range', changed(node, args=[added(node.args[0], -1), *node.args[1:]])
            yield 'range', changed(node, args=[*node.args[:-1], added(node.args[-1], 1)])
        case ast.Call(args=[first, second, *others]):
            yield 'arguments', changed(node, args=[second, first, *others])
            yield 'arguments', changed(node, args=[first, *others])
    if isinstance(node, ast.Return) and node.value is not None:
        yield 'return', changed(node, value=ast.Constant(None))
        yield 'rewrite', changed(node, value=ast.IfExp(ast.Constant(True), node.value, ast.Constant(None)))
        for kind in ('str', 'list', 'tuple', 'iter', 'float'):
            yield 'type', changed(node, value=called(kind, node.value))
    if isinstance(node, REMOVABLE) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        yield 'statement', ast.Pass()


def mutants(program, count, seed):
    tree = ast.parse(program)
    seen, chance, sites = {ast.unparse(tree)}, random.Random(seed), {}
    for holder, key, node in slots(tree):
        for operator, new in replacements(node):
            sites.setdefault(operator, []).append((holder, key, node, new))
    for changes in sites.values():
        chance.shuffle(changes)
    turns = list(sites)
    chance.shuffle(turns)
    while turns:
        for operator in list(turns):
            if not sites[operator]:
                turns.remove(operator)
                continue
            holder, key, node, new = sites[operator].pop()
            put = holder.__setitem__ if isinstance(holder, list) else lambda name, value: setattr(holder, name, value)
            put(key, new)
            text = ast.unparse(ast.fix_missing_locations(tree))
            put(key, node)
            if text in seen:
                continue
            seen.add(text)
            try:
                compile(text, 'mutant', 'exec')
            except SyntaxError:
                continue
            yield operator, getattr(node, 'lineno', 0), text
            if len(seen) > count:
                return


if __name__ == '__main__':
    sys.setrecursionlimit(5000)
    asked = json.load(sys.stdin)
    json.dump(list(mutants(asked['program'], asked['count'], asked['seed'])), sys.stdout)
