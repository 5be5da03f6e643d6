"""APPS writes some expected values into a list of one and others not: both readings of a list of one are right."""


def plain(value):
    return [plain(item) for item in value] if type(value) in (list, tuple) else value


def check(input, expected, output):
    return plain(output) in (plain(expected), [plain(expected)])
