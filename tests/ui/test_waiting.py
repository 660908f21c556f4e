"""Whatever a domain says waits for people has a look on screen, and an action there."""

from uuid import UUID

from data.later import Later
from logic.core import waiting
from logic.home import WaitingItem
from ui import pages
from ui.waiting import drawn, looks

assert pages


def test_every_kind_of_what_waits_has_a_look() -> None:
    assert set(looks) == set(waiting.kinds)
    assert all(isinstance(one.label, Later) for look in looks.values() for one in (look.act, look.also) if one)


def test_a_row_has_its_actions_and_what_stands_for_several_leads_on() -> None:
    change = WaitingItem('change', UUID(int=1), False, 'Ann asks', '', '/members/changes')
    lapsed = WaitingItem('invitation', None, False, '2 invitations', '', '/access')
    first, second = drawn([change, lapsed])
    assert (first.label, first.do is not None, first.also and first.also[0]) == ('Approve', True, 'Decline')
    assert (second.label, second.do, second.also, second.href) == ('Open', None, None, '/access')
    assert first.key != second.key
