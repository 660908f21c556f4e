"""How a rule is declared and run, and how a line is let off."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lint.source import Source

Check = Callable[[Source], Iterator[ast.AST]]
PLACES = ('data', 'logic', 'ui', 'main.py')


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One line that breaks one rule."""

    path: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f'{self.path}:{self.line}: {self.rule} {self.sentence}'


@dataclass(frozen=True, slots=True)
class Rule:
    """One check under a rule's name; a name may have several."""

    name: str
    sentence: str
    check: Check


RULES: list[Rule] = []


def rule(name: str, sentence: str) -> Callable[[Check], Check]:
    """Register a check that yields the nodes which break the rule."""

    def register(check: Check) -> Check:
        RULES.append(Rule(name, sentence, check))
        return check

    return register


def check(path: str, text: str, services: frozenset[str] = frozenset()) -> list[Finding]:
    """Run all rules over one file; `services` are the rules of `logic` that write, as `domain.name`."""
    source = Source(path, text, services)
    found, used = set(), set()
    for one in RULES:
        for node in one.check(source):
            lines = range(getattr(node, 'lineno', 1), (getattr(node, 'end_lineno', None) or 1) + 1)
            allowed = {(line, one.name) for line in lines if one.name in source.allowances.get(line, ())}
            used |= allowed
            if not allowed and not any((line, one.name) in source.answered for line in lines):
                found.add(Finding(path, lines[0], one.name, one.sentence))
    for line, names in source.allowances.items():
        for name in names:
            if (line, name) not in used:
                found.add(Finding(path, line, name, 'An allowance that nothing on this line needs.'))
    return sorted(found)


def check_tree(home: Path) -> list[Finding]:
    """Run all rules over all that ships."""
    texts = {
        file.relative_to(home).as_posix(): file.read_text()
        for place in PLACES
        for file in ([home / place] if place.endswith('.py') else sorted((home / place).rglob('*.py')))
        if file.exists()
    }
    services = frozenset(name for path, text in texts.items() for name in _services(path, text))
    return [finding for path, text in texts.items() for finding in check(path, text, services)]


def _services(path: str, text: str) -> Iterator[str]:
    """The writing services that a file of `logic` declares, as `domain.name`."""
    if not path.startswith('logic/'):
        return
    domain = path.split('/')[1].removesuffix('.py')
    for node in ast.walk(ast.parse(text, path)):
        if isinstance(node, ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).split('.')[-1] == 'service':
                    yield f'{domain}.{node.name}'
