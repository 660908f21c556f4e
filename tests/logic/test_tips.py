"""A tip is shown until its reader has seen it, once for ever, on all his devices."""

from data.identity import Tip
from logic.core.actor import Actor
from logic.identity.preferences import see_tip, tips_to_show
from tests.conftest import House


async def test_a_tip_that_was_seen_never_comes_again(house: House, member: Actor):
    assert await tips_to_show(member) == list(Tip)
    await see_tip(member, Tip.VIEWS)
    await see_tip(member, Tip.VIEWS)
    await see_tip(member, Tip.PALETTE)
    assert await tips_to_show(member) == [Tip.QUICK_ADD]
    assert await tips_to_show(house.chief) == list(Tip)


async def test_who_has_no_account_is_shown_none(house: House):
    assert await tips_to_show(Actor.system(house.organization_id)) == []
