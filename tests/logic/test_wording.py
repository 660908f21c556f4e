"""Acts of programs are said as people say them."""

import pytest

from logic.core.wording import in_words


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
