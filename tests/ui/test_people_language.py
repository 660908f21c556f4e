"""That the screens of people, lists and positions speak the language of whoever reads them."""

from datetime import date

import pytest

from data.custom_fields import FieldKind
from data.later import Later
from data.members import ChecklistKind, ItemOwner, MemberStatus, ProfileChangeStatus
from logic.core.language import speaking
from logic.members.imports.planning import NAMED
from logic.members.letters import Letter
from ui.components import Column, EmptyList, Filter
from ui.components.base import plain
from ui.pages.companies import COMPANIES
from ui.pages.lists import TAGS, UNITS
from ui.pages.lists.checklist import _when
from ui.pages.lists.checklists import KINDS
from ui.pages.lists.fields import EVERY
from ui.pages.lists.items import OWNERS
from ui.pages.members.changes import COLUMNS
from ui.pages.members.importing.fates import TONES, made
from ui.pages.members.letter import _text
from ui.pages.members.many import DONE
from ui.pages.members.person import TABS
from ui.pages.members.person.filing import inside
from ui.pages.members.person.work import DEPARTED
from ui.search import palette_actions

KEPT = (*UNITS, *TAGS, EVERY, COMPANIES)
MADE_EARLY = [
    *(text for one in KEPT for text in (one.title, *one.nouns, one.adding, one.searching)),
    *(column.label for one in KEPT for column in one.columns), *(column.label for column in COLUMNS),
    *(label for _kind, label in KINDS), *OWNERS.values(), *(label for label, _tone in TONES.values()),
    *DONE.values(), *(tab[1] for tab in TABS), *DEPARTED.values(),
    *(one.label for one in palette_actions), *(one.words for one in palette_actions),
    *(one.label for kind in (ChecklistKind, FieldKind, ItemOwner, MemberStatus, ProfileChangeStatus) for one in kind),
]  # fmt: skip
SAME = {'es': set[str](), 'fr': {'Code', 'Date', 'Type'}, 'de': {'Code', 'Name', 'Person', 'Text'}}


@pytest.mark.parametrize('locale', ['es', 'fr', 'de'])
def test_what_ismade_at_the_start_is_said_in_the_language_of_the_reader(locale: str) -> None:
    with speaking(locale):
        english = {str.__str__(text) for text in MADE_EARLY if str(text) == str.__str__(text)}
    assert all(isinstance(text, Later) for text in MADE_EARLY)
    assert english == SAME[locale]


@pytest.mark.parametrize(
    ('locale', 'one', 'two'),
    [
        ('en', 'department A.', 'departments A, B.'), ('es', ': unidad A.', ': unidades A, B.'),
        ('fr', ': unité A.', ': unités A, B.'), ('de', ': Einheit A.', ': Einheiten A, B.'),
    ],
)  # fmt: skip
def test_an_import_says_in_the_right_number_what_it_makes(locale: str, one: str, two: str) -> None:
    with speaking(locale):
        assert made('department', ['A']).endswith(one)
        assert made('department', ['A', 'B']).endswith(two)
        assert all(made(noun, ['A', 'B']).endswith(' A, B.') for noun in NAMED)


def test_a_list_says_its_labels_when_it_is_drawn() -> None:
    column: Column[None] = Column('name', UNITS[2].columns[0].label)
    with speaking('de'):
        assert column.data['label'] == 'Dienstgrad'
        assert Filter('fate', DEPARTED['planned'], [('new', DEPARTED['cancelled'])]).data == {
            'name': 'fate', 'label': 'Geplant', 'many': True, 'options': [{'value': 'new', 'label': 'Abgesagt'}],
        }  # fmt: skip
        assert plain(EmptyList(UNITS[1].title, '').title) == 'Wachen'


def test_a_unit_is_not_called_like_the_whole_department_in_german() -> None:
    with speaking('de'):
        assert [str(one) for one in UNITS[0].nouns] == ['Einheit', 'Einheiten']
        assert UNITS[0].columns[0].data['label'] == 'Einheit'


@pytest.mark.parametrize(
    ('locale', 'days', 'said'),
    [
        ('en', -1, '1 working day before'),
        ('en', 2, '2 working days after'),
        ('es', 1, '1 día hábil después'),
        ('fr', -2, '2 jours ouvrés avant'),
        ('de', 5, '5 Arbeitstage danach'),
        ('de', 0, 'Am selben Tag'),
    ],
)
def test_when_an_item_is_due_is_said_with_the_plural_of_the_language(locale: str, days: int, said: str) -> None:
    with speaking(locale):
        assert _when(days) == said


def test_the_leaving_letter_is_whole_sentences_in_german() -> None:
    letter = Letter(
        name='Jonah Whitfield', number='0015', role='Maschinist', department='Feuerwehr Riverside', address='',
        phone='', joined_on=date(2015, 5, 27), last_on=date(2026, 12, 31), years=11, months=1, open_items=[],
        written_by='M. H.', written_on=date(2026, 11, 20),
    )  # fmt: skip
    with speaking('de'):
        text = _text(letter, '31. Dezember 2026')
    assert text[1] == (
        'Wir bestätigen, dass Sie Feuerwehr Riverside als Maschinist vom 27. Mai 2015 bis einschließlich '
        '31. Dezember 2026 angehört haben.'
    )
    assert text[2] == 'Dienstzeit: 11 Jahre und 1 Monat.'


def test_the_title_of_a_list_is_small_within_an_english_sentence_only() -> None:
    assert inside('Protected numbers') == 'protected numbers'
    with speaking('de'):
        assert inside(UNITS[3].title) == 'Mitgliedsarten'
