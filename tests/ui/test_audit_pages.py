"""How the audit log is said to people."""

from uuid import UUID

import pytest

from logic.audit import LogVerdict
from logic.audit.check import Fault
from logic.core.wording import readable
from ui.pages.audit.securing import headline
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
        ([Fault('anchor', 'The anchor that was given does not count.')], 'The anchor does not count'),
        ([Fault('anchor', 'The last 3 are missing.', 9)], 'The log is damaged'),
        ([Fault('anchor', 'No.'), Fault('entry', 'Changed.', 1)], 'The log is damaged'),
    ],
)
def test_only_what_was_found_in_the_log_is_called_damage(faults: list[Fault], title: str) -> None:
    assert headline([LogVerdict(UUID(int=0)), LogVerdict(UUID(int=1), faults=faults)])[0] == title
