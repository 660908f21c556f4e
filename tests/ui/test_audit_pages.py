"""How the audit log is said to people."""

from uuid import UUID

import pytest
from pydantic import BaseModel, Field, ValidationError

from logic.audit import LogVerdict
from logic.audit.check import Fault
from logic.core.language import speaking
from logic.core.wording import readable
from ui.errors import invalid_from
from ui.pages.audit.verifying import headline
from ui.pages.audit.wording import action_label


@pytest.mark.parametrize(
    ('name', 'said'),
    [('MemberDocument', 'Member document'), ('issue_item', 'Issue item'), ('', ''), ('Item', 'Item')],
)
def test_names_are_said_in_words(name: str, said: str) -> None:
    assert readable(name) == said


def test_an_action_names_its_module_as_people_know_it() -> None:
    assert action_label('setup.found_department') == 'First run: founded the department'
    assert action_label('gone.some_thing') == 'Gone: some thing'


@pytest.mark.parametrize(
    ('faults', 'title'),
    [
        ([], 'The log is intact'),
        ([Fault('given', 'The anchor that was given does not count.')], 'The anchor does not count'),
        ([Fault('anchor', 'The anchor over 9 entries does not count.')], 'The log is damaged'),
        ([Fault('anchor', 'The last 3 are missing.', 9)], 'The log is damaged'),
        ([Fault('given', 'No.'), Fault('entry', 'Changed.', 1)], 'The log is damaged'),
    ],
)
def test_only_what_was_found_in_the_log_is_called_damage(faults: list[Fault], title: str) -> None:
    assert headline([LogVerdict(UUID(int=0)), LogVerdict(UUID(int=1), faults=faults)])[0] == title


def test_what_a_verification_finds_is_told_in_the_language_of_who_asked() -> None:
    verdict = LogVerdict(UUID(int=0), size=1, faults=[Fault('entry', 'x', 7)])
    assert verdict.lines()[:2] == ['The log of the instance: 1 entry, DAMAGED.', 'Entry 7: x']
    with speaking('de'):
        assert verdict.lines()[:2] == ['Das Protokoll der Installation: 1 Eintrag, BESCHÄDIGT.', 'Eintrag 7: x']
        assert action_label('members.add_member') == 'Mitglieder: hat ein Mitglied hinzugefügt'


def test_what_a_program_sent_wrong_is_refused_in_the_language_of_its_account() -> None:
    class Sent(BaseModel):
        name: str = Field(max_length=3)

    with pytest.raises(ValidationError) as raised:
        Sent(name='long')
    assert invalid_from(raised.value).fields == {'name': 'String should have at most 3 characters'}
    with speaking('de'):
        assert invalid_from(raised.value).fields == {'name': 'Höchstens 3 Zeichen.'}
