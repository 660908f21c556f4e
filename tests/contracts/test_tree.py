"""Holds the tree to the plan of the house: what lies at the top, how big a room may be, what no file may name."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]

TOP = {
    *('ui', 'logic', 'data', 'migrations', 'tests', 'main.py'),
    *('pyproject.toml', 'requirements.txt', 'requirements-dev.txt', 'Dockerfile', 'compose.yaml', '.ci'),
    *('README.md', 'LICENSE', '.gitignore', '.dockerignore', '.editorconfig', '.env.example'),
}
# Lines a file may have, by where it lies; the first that fits counts.
BUDGETS = (('data/', 300), ('logic/', 500), ('ui/pages/', 150), ('ui/', 300), ('tests/', 400), ('main.py', 300))
FUNCTION_BUDGET = 50
# File, or file and function, to the reason why it may be longer.
LONGER: dict[str, str] = {
    'main.py': 'one short function for each of its eighteen commands',
    'tests/ui/guarded_server.py:add_pages': 'the attacked pages, whose handlers are closures of their builders',
    'tests/ui/guarded_server.py:add_controls': 'the same for the controls of the tests',
    'tests/ui/layered.py:application': 'one small application, its routes inside',
}
VAGUE = re.compile(
    r'(^|/)(?!test_)(utils?|helpers?|common|managers?|misc|\w+_service|\w+_utils?|\w+_helpers?)(\.py|/|$)'
)
# Put together from parts, so that this file does not name them itself.
FOREIGN = [
    '.'.join(parts)
    for parts in (
        ('files', 'pythonhosted', 'org'),
        ('pypi', 'org/simple'),
        ('registry', 'npmjs', 'org'),
        ('deb', 'debian', 'org'),
        ('security', 'debian', 'org'),
        ('registry', 'yarnpkg', 'com'),
    )
]
FOREIGN += ['/'.join(('', *parts)) for parts in (('work', ''), ('root', ''), ('farm', ''), ('tmp', 'bash_jobs'))]
OWN_FOLDER = re.compile(r'/(home|Users)/[a-z]\w*/')


@cache
def files() -> list[str]:
    """All files of the tree that are or will be tracked."""
    listed = subprocess.run(
        ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
        cwd=HOME,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip('This copy of the tree is no git repository; what is tracked is not known.')
    return sorted(name for name in listed.stdout.decode().split('\0') if name and (HOME / name).is_file())


def python_files() -> list[str]:
    return [name for name in files() if name.endswith('.py') and not name.startswith('migrations/versions/')]


def test_the_top_level_holds_what_the_plan_names_and_nothing_else():
    assert {name.partition('/')[0] for name in files()} - TOP == set()


def test_no_file_is_longer_than_its_budget():
    over = []
    for name in python_files():
        budget = next((lines for place, lines in BUDGETS if name.startswith(place)), None)
        length = len((HOME / name).read_text().splitlines())
        if budget and length > budget and name not in LONGER:
            over.append(f'{name} has {length} lines, {budget} at most')
    assert over == []


def test_no_function_is_longer_than_its_budget():
    over = []
    for name in python_files():
        for node in ast.walk(ast.parse((HOME / name).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_BUDGET and f'{name}:{node.name}' not in LONGER:
                    over.append(f'{name}:{node.name} has {length} lines, {FUNCTION_BUDGET} at most')
    assert over == []


def test_what_may_be_longer_still_exists():
    assert [place for place in LONGER if not (HOME / place.partition(':')[0]).exists()] == []


def test_every_module_opens_with_what_it_is_for():
    silent = [name for name in python_files() if (HOME / name).stat().st_size and not _docstring(name)]
    assert silent == []


def _docstring(name: str) -> str | None:
    return ast.get_docstring(ast.parse((HOME / name).read_text()))


def test_rooms_are_named_by_nouns():
    assert [name for name in files() if name.endswith('.py') and VAGUE.search(name)] == []


def test_no_module_and_package_share_a_name():
    names = set(python_files())
    assert [name for name in names if f'{name.removesuffix(".py")}/__init__.py' in names] == []


def test_no_file_names_a_registry_or_a_folder_of_the_machine_it_was_made_on():
    named = []
    for name in files():
        data = (HOME / name).read_bytes()
        if b'\0' in data:
            continue
        text = data.decode()
        named += [f'{name}: {foreign}' for foreign in FOREIGN if foreign in text]
        named += [f'{name}: {match[0]}' for match in OWN_FOLDER.finditer(text)]
    assert named == []
