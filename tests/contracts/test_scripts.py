"""Holds our own scripts to what no policy of a page can: they make no markup of values, and believe no other window."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / 'ui'
SCRIPTS = sorted(path for path in UI.rglob('*.js') if 'vendor' not in path.parts)
# What is cleaned by the server and copied node by node from an allowed list may become markup, in this file alone.
WRITES_MARKUP = {'components/writing.js'}
RULES = {
    'markup': re.compile(
        r'v-html|(inner|outer)HTML\s*=(?!=)|insertAdjacentHTML|document\.write|createContextualFragment'
    ),
    'code from text': re.compile(r'\beval\(|new Function|set(Timeout|Interval)\(\s*["\'`]|javascript:'),
    'messages of other windows': re.compile(r'postMessage|Listener\(\s*["\'`]message\b|\bonmessage\b|window\.opener'),
    'prototypes': re.compile(r'__proto__|setPrototypeOf|\.prototype\b|\bfor\s*\(\s*(const|let|var)\s+\w+\s+in\b'),
}
BROKEN = [
    ('markup', 'card.innerHTML = name'),
    ('markup', '<p v-html="name"></p>'),
    ('code from text', 'setTimeout("go()", 1)'),
    ('code from text', 'link.href = "javascript:go()"'),
    ('messages of other windows', 'addEventListener("message", take)'),
    ('prototypes', 'for (const key in sent) target[key] = sent[key]'),
]


def test_there_are_scripts_to_look_at():
    assert len(SCRIPTS) > 30
    assert {path for path in WRITES_MARKUP if (UI / path) not in SCRIPTS} == set()


@pytest.mark.parametrize('path', SCRIPTS, ids=lambda path: path.relative_to(UI).as_posix())
def test_a_script_makes_no_markup_or_code_of_values_and_believes_no_other_window(path: Path):
    name, text = path.relative_to(UI).as_posix(), path.read_text()
    found = {rule for rule, pattern in RULES.items() if pattern.search(text)}
    assert found - ({'markup'} if name in WRITES_MARKUP else set()) == set()


@pytest.mark.parametrize(('rule', 'text'), BROKEN)
def test_a_rule_finds_what_breaks_it(rule: str, text: str):
    assert RULES[rule].search(text)
