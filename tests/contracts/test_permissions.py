"""Every permission is labelled, asked for by something, and held by those positions that are written down."""

import difflib

import pytest

from logic.identity.seeds import POSITIONS
from tests.contracts import authz, registries


@pytest.mark.parametrize('name', sorted(registries.permission_labels()))
def test_a_permission_is_labelled_for_people(name: str):
    label = registries.permission_labels()[name]
    assert label[:1].isupper(), label
    assert not label.endswith('.'), label
    assert '_' not in label, label
    assert name.partition('.')[0] in registries.domains


def test_labels_tell_permissions_apart():
    labels = list(registries.permission_labels().values())
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_every_permission_is_asked_for_by_a_rule_a_screen_or_a_route():
    assert sorted(set(registries.permission_labels()) - registries.used_permissions()) == []


def test_a_position_names_known_permissions():
    known = set(registries.permission_labels())
    named = {name for seed in POSITIONS for name in seed.permissions}
    assert sorted(name for name in named if not name.endswith('*') and name not in known) == []


def test_who_may_do_what_is_as_written_down():
    stored, declared = authz.FILE.read_text(), authz.text()
    changes = '\n'.join(difflib.unified_diff(stored.splitlines(), declared.splitlines(), 'written', 'declared', n=0))
    assert stored == declared, f'Look at each line, then: python -m tests.contracts.authz\n{changes}'
