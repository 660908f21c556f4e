"""Holds every numbered rule of tasks to a test that is named after it, in a module that says which rules it tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parents[2]
RULES = set(range(1, 19))
NAMED = re.compile(r'\brules?[ _]((?:\d+|to|and|[ ,_])+)')


def numbers(words: str) -> set[int]:
    """Return the rules that some words name: `rules 3 to 5 and 8`, `rule_4`, `rules_8_and_16`."""
    ranges = [pair for said in NAMED.findall(words) for pair in re.findall(r'(\d+)(?:[ _]to[ _](\d+))?', said)]
    return {rule for first, last in ranges for rule in range(int(first), int(last or first) + 1)}


def named_tests() -> Iterator[tuple[str, set[int], set[int]]]:
    """Yield each test that is named after rules: where it is, those rules, and those that its module names."""
    for path in sorted((HOME / 'tests').rglob('test_*.py')):
        module = ast.parse(path.read_text())
        said = numbers((ast.get_docstring(module) or '').lower())
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith('test_rule'):
                yield f'{path.relative_to(HOME)}: {node.name}', numbers(node.name.removeprefix('test_')), said


def test_every_rule_of_tasks_has_a_test_that_is_named_after_it() -> None:
    assert {rule for _, named, _ in named_tests() for rule in named} == RULES


def test_a_module_says_which_rules_its_tests_are_named_after() -> None:
    assert {test: named - said for test, named, said in named_tests() if named - said} == {}
