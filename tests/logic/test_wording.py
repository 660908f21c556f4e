"""Acts of programs are said as people say them."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import logic
from logic.core.acts import ACTS, PAST, UNTOLD, in_words
from logic.core.domain import jobs
from logic.core.language import speaking
from logic.core.service import services
from logic.core.wording import field_title, kind_title, value_text

REGULAR = frozenset(
    [
        'add',
        'archive',
        'ask',
        'cancel',
        'change',
        'complete',
        'confirm',
        'correct',
        'delete',
        'disable',
        'edit',
        'enable',
        'end',
        'import',
        'load',
        'merge',
        'move',
        'reopen',
        'release',
        'remove',
        'renew',
        'report',
        'restore',
        'reveal',
        'save',
        'share',
        'start',
        'switch',
        'tick',
        'unshare',
        'update',
        'view',
    ]
)
"""Verbs that the rule says rightly: it adds "d" or "ed"."""
NO_THINGS = frozenset(['all', 'by', 'command', 'from', 'of', 'removed', 'deleted', 'some', 'to', 'what'])
"""What ends no "the …"."""


def recorded() -> Iterator[str]:
    """Find the acts that the code names when it records one."""
    for found in pkgutil.walk_packages(logic.__path__, 'logic.'):
        module = importlib.import_module(found.name)
        for call in ast.walk(ast.parse(Path(str(module.__file__)).read_text('utf-8'))):
            if not isinstance(call, ast.Call):
                continue
            match getattr(call.func, 'attr', None) or getattr(call.func, 'id', None):
                case 'record' | 'EntryDraft' as name:
                    given = [one.value for one in call.keywords if one.arg == 'action']
                    given += call.args[:1] if name == 'EntryDraft' else []
                    before = ''
                case 'tell' if found.name.startswith('logic.identity'):
                    given, before = call.args[2:3], 'identity.'
                case _:
                    continue
            for one in given:
                said = one.value if isinstance(one, ast.Constant) else getattr(module, getattr(one, 'id', ''), None)
                if isinstance(said, str):
                    yield before + said


def test_every_act_that_the_code_names_is_said_by_people() -> None:
    found = set(recorded())
    assert {'identity.password_set', 'identity.sign_in', 'audit.part_closed', 'members.export_person'} <= found
    assert found - set(ACTS) - services.keys() == set()


def test_no_act_is_said_by_a_rule_that_does_not_know_its_verb() -> None:
    acts = {name for name, one in services.items() if one.writes} | jobs.keys() | set(recorded())
    unsaid = set()
    for act in acts - ACTS.keys() - UNTOLD:
        verb, _, thing = act.partition('.')[2].partition('_')
        if verb not in REGULAR | PAST.keys() or NO_THINGS & set(thing.split('_')):
            unsaid.add(f'{act}: {in_words(act)}')
    assert not unsaid


def test_a_new_password_is_said_as_people_say_it() -> None:
    assert in_words('identity.password_set') == 'set a new password'
    assert value_text('TwoPersonRequest', 'kind', 'identity.factor_reset') == 'Removal of a second factor'


@pytest.mark.parametrize(
    ('action', 'said'),
    [
        ('members.change_status', 'changed the status'),
        ('members.add_member', 'added a member'),
        ('identity.make_invitation', 'made an invitation'),
        ('members.ask_for_change', 'asked for a change'),
        ('attachments.add_files', 'added files'),
        ('identity.sign_in', 'signed in'),
        ('tasks.complete_task', 'completed the task'),
    ],
)
def test_an_act_is_said_in_the_past_and_with_its_article(action: str, said: str) -> None:
    assert in_words(action) == said


@pytest.mark.parametrize(
    ('kind', 'name', 'english', 'german'),
    [
        ('Member', 'joined_on', 'Joined on', 'Eintrittsdatum'),
        ('Task', 'due_on', 'Due', 'Fällig'),
        ('ChecklistItem', 'title', 'What is to be done', 'Was zu tun ist'),
        ('Member', 'hides_phones', 'Hide my phone numbers', 'Meine Telefonnummern verbergen'),
        ('Session', 'shoe_size', 'Shoe size', 'Shoe size'),
        ('Nothing', 'logged_at', 'Logged', 'Logged'),
    ],
)
def test_a_field_has_the_title_under_which_people_fill_it_in(kind: str, name: str, english: str, german: str) -> None:
    assert field_title(kind, name) == english
    with speaking('de'):
        assert field_title(kind, name) == german


def test_acts_kinds_and_values_are_said_in_the_language_of_the_reader() -> None:
    with speaking('de'):
        assert str(in_words('members.add_member')) == 'hat ein Mitglied hinzugefügt'
        assert str(in_words('backup.make')) == 'hat eine Sicherung erstellt'
        assert kind_title('StatusChange') == 'Status'
        assert value_text('Member', 'status', 'on_leave') == 'Beurlaubt'
        assert value_text('Member', 'joined_on', '2026-03-05') == '05.03.2026'
        assert value_text('Account', 'email', '(erased)') == '(gelöscht)'
        moment = value_text('Task', 'completed_at', '2026-03-05T23:29:18.532494Z', 'Europe/Vienna')
        assert moment == '06.03.2026, 00:29 CET'
        assert value_text('Member', 'is_demo', True) == 'ja'
