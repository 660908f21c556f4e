"""Searching in the browser is limited for each person, as calls of the API are."""

from dataclasses import replace

import pytest

from data.core import new_id
from logic.core.actor import Actor
from logic.core.errors import TooMany
from logic.core.listing import ListQuery
from ui import limits, search
from ui.pages.search import found_page


@pytest.fixture(autouse=True)
def fresh() -> None:
    limits.forget()


@pytest.mark.usefixtures('still')
async def test_a_person_searches_so_often_in_a_minute_and_no_more(chief: Actor, member: Actor) -> None:
    mine = replace(chief, session_id=new_id())
    for _ in range(limits.SEARCHES.amount):
        await search.found_records(mine, 'zzz')
    with pytest.raises(TooMany):
        await search.found_records(mine, 'zzz')
    with pytest.raises(TooMany):
        await found_page(mine, ListQuery(q='zzz'))
    assert await search.found_records(mine, ' ') == []  # nothing is looked for
    assert await search.found_records(member, 'zzz') == []
