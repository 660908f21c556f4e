"""LR8, LR10 and LR13: no SQL from strings, no naive time, no float for money or hours, no weak or open-ended tools."""

import ast
import re
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Source, argument, constant, is_formatted, is_known_name, method

SQL = {'sqlalchemy.text', 'sqlmodel.text', 'sqlalchemy.literal_column', 'sqlalchemy.sql.text'}
CLAUSES = {'order_by', 'group_by', 'where', 'filter', 'filter_by', 'having', 'select', 'values', 'set_'}
NAIVE = {
    'datetime.datetime.utcnow',
    'datetime.datetime.today',
    'datetime.datetime.utcfromtimestamp',
    'datetime.date.today',
}
ZONED = {'datetime.datetime.now': (0, 'tz'), 'datetime.datetime.fromtimestamp': (1, 'tz')}
COUNTED = re.compile(r'(^|_)(cents|minutes|hours|amount|price|wage|salary|pay|balance|fee)(_|$)')
FLOATS = {'sqlalchemy.Float', 'sqlmodel.Float', 'sqlalchemy.Double', 'sqlalchemy.REAL'}
BANNED_MODULES = {'random', 'pickle', 'marshal', 'shelve', 'dill', 'cloudpickle', 'jsonpickle'}
BANNED_CALLS = {
    'hashlib.md5',
    'hashlib.sha1',
    'cryptography.hazmat.primitives.hashes.MD5',
    'cryptography.hazmat.primitives.hashes.SHA1',
    'yaml.load',
    'yaml.unsafe_load',
    'yaml.full_load',
    'os.system',
    'os.popen',
    'tempfile.mktemp',
    'eval',
    'exec',
}


@rule(
    'LR8', 'No SQL put together from strings, and no column by a name that is not in the code: bind, or use a mapping.'
)
def sql_strings(source: Source) -> Iterator[ast.AST]:
    for call in source.calls:
        name = source.named(call.func)
        if name in SQL or method(call) == 'exec_driver_sql':
            if call.args and is_formatted(source, call.args[0]):
                yield call
        elif name in {'sqlalchemy.column', 'sqlmodel.column'} and not isinstance(call.args[0], ast.Constant):
            yield call
        elif method(call) in CLAUSES:
            yield from (part for part in call.args if _is_named_column(source, part))


def _is_named_column(source: Source, node: ast.expr) -> bool:
    """Whether an argument of a clause is `getattr(Model, name)` with a name that only the run knows."""
    return any(
        isinstance(part, ast.Call) and method(part) == 'getattr' and not is_known_name(source, part.args[1])
        for part in ast.walk(node)
    )


@rule('LR10', 'Time is aware and comes from work.now.')
def naive_times(source: Source) -> Iterator[ast.AST]:
    for call in source.calls:
        name = source.named(call.func)
        if name in NAIVE:
            yield call
        elif name in ZONED and argument(call, *ZONED[name]) is None:
            yield call
        elif name == 'datetime.datetime' and argument(call, 7, 'tzinfo') is None:
            yield call
        elif method(call) == 'replace' and any(k.arg == 'tzinfo' and _is_none(k.value) for k in call.keywords):
            yield call


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


@rule('LR10', 'Money and hours are integers (cents, minutes): no float and no Float column for them.')
def float_amounts(source: Source) -> Iterator[ast.AST]:
    for node in source.nodes:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) | ast.arg(arg=name, annotation=kind):
                if kind is not None and COUNTED.search(name) and re.search(r'\bfloat\b', ast.unparse(kind)):
                    yield node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                if COUNTED.search(name) and source.named(call.func) == 'float':
                    yield node
            case ast.Name() | ast.Attribute() if source.floor == 'data' and source.named(node) in FLOATS:
                yield node


@rule('LR13', 'No random, MD5, SHA-1, pickle, yaml.load, eval or shell: use secrets, SHA-256, JSON and argument lists.')
def weak_tools(source: Source) -> Iterator[ast.AST]:
    for node in source.nodes:
        match node:
            case ast.Import(names=names):
                if any(alias.name.partition('.')[0] in BANNED_MODULES for alias in names):
                    yield node
            case ast.ImportFrom(module=str(module)):
                if module.partition('.')[0] in BANNED_MODULES:
                    yield node
            case ast.Call():
                yield from _weak_call(source, node)


def _weak_call(source: Source, call: ast.Call) -> Iterator[ast.AST]:
    name = source.named(call.func)
    if name in BANNED_CALLS:
        yield call
    elif name in {'hashlib.new', 'hmac.new', 'hmac.digest'}:
        weak = {'md5', 'sha1', 'sha-1'}
        if any(str(constant(a)).lower() in weak for a in [*call.args, *(k.value for k in call.keywords)]):
            yield call
    if any(keyword.arg == 'shell' and constant(keyword.value) is not False for keyword in call.keywords):
        yield call
