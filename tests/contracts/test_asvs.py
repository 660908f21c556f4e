"""Holds asvs.yaml to what it says: each requirement of OWASP ASVS 5.0.0, levels 1 and 2, by what really is there."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from logic.core.secrets import INVENTORY

HOME = Path(__file__).resolve().parents[2]
# Section and how many requirements of levels 1 and 2 it has, which are its first ones.
SECTIONS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2  2.1:3 2.2:3 2.3:4 2.4:1  3.2:2 3.3:4 3.4:6 3.5:5 3.7:2  4.1:3 4.2:1 4.3:2 4.4:4
    5.1:1 5.2:3 5.3:2 5.4:3  6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4  7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
    8.1:2 8.2:3 8.3:1 8.4:1  9.1:3 9.2:4  10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
    11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1  12.1:3 12.2:2 12.3:4  13.1:1 13.2:5 13.3:2 13.4:5  14.1:2 14.2:4 14.3:3
    15.1:3 15.2:3 15.3:7  16.1:1 16.2:5 16.3:4 16.4:3 16.5:3  17.1:1 17.2:4 17.3:2
"""
LEAST_BY = {'tested': 1, 'stated': 1, 'differs': 1, 'outside': 0}
LEAST_REASON = {'differs': 60, 'outside': 20}
CRYPTOGRAPHY = {'cryptography', 'hmac', 'joserfc', 'pwdlib', 'pyotp', 'webauthn'}
IN_PASSING = {
    'ui.metrics': 'compares a token in constant time',
    'logic.audit.keys': 'keeps the key that logic.audit.note signs with',
    'logic.audit.verifier': 'checks in an export what logic.audit.note has signed',
}


class Loader(yaml.SafeLoader):
    """Refuses a row that stands twice, of which YAML would keep the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert sorted(keys) == sorted(set(keys)), 'A row stands twice.'
        return super().construct_mapping(node, deep)


ROWS: dict[str, dict[str, Any]] = yaml.load(Path(__file__).with_name('asvs.yaml').read_text(), Loader)  # noqa: S506
NAMED = sorted({named for row in ROWS.values() for named in row.get('by', ())})


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((HOME / path).read_text())


def names(path: str) -> dict[str, ast.stmt]:
    """What a module defines at its top."""
    found: dict[str, ast.stmt] = {}
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def is_left_out(path: str, test: ast.stmt) -> bool:
    """Whether no build runs a test: it is slow, a benchmark, or always skipped."""
    of_module = names(path).get('pytestmark')
    marks = [*getattr(test, 'decorator_list', []), *([of_module] if of_module else [])]
    return any(re.search(r'mark\.(slow|benchmark|skip\b|xfail)', ast.unparse(mark)) for mark in marks)


def fault(named: str) -> str:
    """Why what a row points at is not there; empty when it is."""
    if '::' in named:
        path, _, name = named.partition('::')
        is_test = path.startswith('tests/') and Path(path).name.startswith('test_') and name.startswith('test_')
        if (
            not is_test
            or not (HOME / path).is_file()
            or not isinstance(test := names(path).get(name), ast.FunctionDef | ast.AsyncFunctionDef)
        ):
            return 'is no test'
        return 'is run by no build' if is_left_out(path, test) else ''
    path, _, name = named.partition(':')
    if '#' in path:
        path, _, heading = path.partition('#')
        name = ''
        if not re.search(rf'^##+ {re.escape(heading)}$', (HOME / path).read_text(), re.MULTILINE):
            return 'is no heading'
    if path.startswith('tests/') or not (HOME / path).is_file():
        return 'is no file that ships'
    return 'is not defined there' if name and name not in names(path) else ''


def test_every_requirement_of_both_levels_stands_there_once_in_order():
    counts = [part.split(':') for part in SECTIONS.split()]
    wanted = [f'{section}.{number}' for section, count in counts for number in range(1, int(count) + 1)]
    assert len(wanted) == 253
    assert list(ROWS) == wanted


@pytest.mark.parametrize('number', ROWS)
def test_a_row_says_how_it_is_kept_and_by_what(number: str):
    row = ROWS[number]
    assert set(row) <= {'is', 'how', 'by'}
    assert len(row['how']) >= LEAST_REASON.get(row['is'], 4)
    assert len(row.get('by', [])) >= LEAST_BY[row['is']]
    assert any('::' in named for named in row.get('by', [])) or row['is'] != 'tested'


@pytest.mark.parametrize('named', NAMED)
def test_what_a_row_points_at_is_there(named: str):
    assert fault(named) == ''


@pytest.mark.parametrize(
    ('named', 'said'),
    [
        ('tests/logic/test_tokens.py::test_nothing', 'is no test'),
        ('tests/logic/test_tokens.py::NOW', 'is no test'),
        ('tests/logic/gone.py::test_nothing', 'is no test'),
        ('tests/contracts/test_kill9.py::test_no_acknowledged_write_is_lost_in_1000_crashes', 'is run by no build'),
        ('README.md#Insecurity', 'is no heading'),
        ('tests/conftest.py:PASSWORD', 'is no file that ships'),
        ('logic/gone.py', 'is no file that ships'),
        ('logic/identity/tokens.py:gone', 'is not defined there'),
        ('logic/identity/tokens.py:AUDIENCE', ''),
    ],
)
def test_what_is_not_there_is_found(named: str, said: str):
    assert fault(named) == said


def test_every_use_of_cryptography_is_in_the_inventory():
    using = set()
    for path in (*(HOME / 'logic').rglob('*.py'), *(HOME / 'ui').rglob('*.py')):
        name = path.relative_to(HOME).as_posix()
        for node in ast.walk(tree(name)):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ''] if isinstance(node, ast.ImportFrom) else []
            if any(one.partition('.')[0] in CRYPTOGRAPHY for one in imported):
                using.add(name.removesuffix('.py').replace('/', '.'))
    named = {use.module for use in INVENTORY}
    assert using - named == set(IN_PASSING)
    assert [name for name in named if not (HOME / f'{name.replace(".", "/")}.py').is_file()] == []
