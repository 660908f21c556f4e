"""Acts of programs are said as people say them."""

import pytest

import logic  # noqa: F401
from logic.core.language import speaking
from logic.core.wording import field_title, in_words, kind_title, value_text


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
