"""What the palette and the page of results say of what was found."""

from pathlib import Path

import pytest

from logic.attachments import attach
from logic.comments import CommentInput, add_comment
from logic.core import files
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from ui import limits, search
from ui.pages.search import found_page
from ui.search import described


@pytest.fixture(autouse=True)
def fresh(folder: Path) -> None:
    limits.forget()


async def test_a_file_is_shown_beside_the_record_that_it_hangs_on(chief: Actor) -> None:
    assert chief.member_id is not None
    staged = await files.stage(b'Hydrant by hydrant', allowed=files.ATTACHED)
    await attach(chief, 'Member', chief.member_id, staged, 'Hydrant survey.txt')
    await add_comment(chief, 'Member', chief.member_id, CommentInput(body='<p>Count the ladders</p>'))
    there = f'/members/{chief.member_id}?tab=comments'
    for typed, detail in (
        ('hydrant', 'Hydrant survey.txt · attached file'),
        ('ladders', 'Elena Rossi: Count the ladders · in a comment'),
    ):
        (item,) = await search.found_records(chief, typed)
        assert (item.group, item.label, item.detail, item.href) == ('People', 'Elena Rossi', detail, there)
        (row,) = (await found_page(chief, ListQuery(q=typed, filters={'kind': ['Member']}))).rows
        assert (row.title, described(row), row.href) == ('Elena Rossi', detail, there)
        assert (await found_page(chief, ListQuery(q=typed, filters={'kind': ['Task']}))).rows == []
