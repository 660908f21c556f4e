"""What somebody chose after another one had removed it: that is said, and no fault of ours."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.tasks import ListInput, ListTemplateInput
from ui.pages.lists import leading
from ui.pages.tasks import templates


@pytest.mark.parametrize('ask', [templates.begin, templates.remove, leading.ask])
async def test_what_was_removed_while_it_was_shown_is_said_to_be_removed(
    chief: Actor, ask: Callable[[Actor, UUID], Awaitable[None]]
) -> None:
    kept = await tasks.add_list(chief, ListInput(title='Inspection'))
    made = await tasks.save_list_template(chief, kept.id, ListTemplateInput(title='Inspection'))
    await tasks.remove_list_template(chief, made.id)
    for gone in (made.id, uuid4()):
        with pytest.raises(NotFound, match='removed this item meanwhile'):
            await ask(chief, gone)
